# Completions of optra for PowerShell. To use them, put this into $PROFILE:
#   $env:OPTRA_COMPLETE = 'powershell'; optra | Out-String | Invoke-Expression; Remove-Item Env:OPTRA_COMPLETE
Register-ArgumentCompleter -Native -CommandName optra -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @(foreach ($element in $commandAst.CommandElements) {
        if ($element.Extent.EndOffset -ge $cursorPosition) { break }
        if ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $element.Value }
        else { $element.Extent.Text }
    })
    $before = $env:OPTRA_COMPLETE
    $encoding = [Console]::OutputEncoding
    try {
        $env:OPTRA_COMPLETE = 'powershell'
        [Console]::OutputEncoding = [System.Text.UTF8Encoding]::new()
        $lines = @(& optra '--' @words "=$wordToComplete" 2>$null)
    } finally {
        $env:OPTRA_COMPLETE = $before
        [Console]::OutputEncoding = $encoding
    }
    foreach ($line in $lines) {
        $text, $shown, $help = $line -split "`t", 3
        if (-not $help) { $help = $shown }
        [System.Management.Automation.CompletionResult]::new($text, $shown, 'ParameterValue', $help)
    }
}
