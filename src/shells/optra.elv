# Completions of optra for elvish. To use them, put this into rc.elv:
#   eval (env OPTRA_COMPLETE=elvish optra | slurp)
use str
set edit:completion:arg-completer[optra] = {|@words|
    tmp E:OPTRA_COMPLETE = elvish
    try {
        e:optra -- $@words 2>/dev/null | from-lines | each {|line|
            var more value help = (str:split "\t" $line)
            var suffix = ' '
            if (eq $more more) {
                set suffix = ''
            }
            var display = $value
            if (not-eq $help '') {
                set display = $value'  '$help
            }
            edit:complex-candidate $value &code-suffix=$suffix &display=$display
        }
    } catch error {
        nop $error
    }
}
