
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'optra' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'optra'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'optra' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile: a portal and its key under one name')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Reach the portal at this URL, with or without `/graphql`')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up on a request after this long, such as `30` (seconds), `2m`, or `0` for never')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in this PEM file instead of the system''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox: a portal inside this program, which needs no account')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail where a question would be asked')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('auth', 'auth', [CompletionResultType]::ParameterValue, 'Log in to a portal, check and forget its key')
            [CompletionResult]::new('keys', 'keys', [CompletionResultType]::ParameterValue, 'Generate, list and revoke API keys')
            [CompletionResult]::new('devices', 'devices', [CompletionResultType]::ParameterValue, 'List and show devices')
            [CompletionResult]::new('api', 'api', [CompletionResultType]::ParameterValue, 'Send any GraphQL document and print the answer as it came')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Serve a portal on this machine, to try scripts on')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions of a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print the help of a command, or of a topic: exit-codes, environment')
            break
        }
        'optra;auth' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile: a portal and its key under one name')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Reach the portal at this URL, with or without `/graphql`')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up on a request after this long, such as `30` (seconds), `2m`, or `0` for never')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in this PEM file instead of the system''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox: a portal inside this program, which needs no account')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail where a question would be asked')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Keep a portal''s API key in the keyring')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show the portal, the key in use and whether the portal accepts it')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget the profile''s key on this machine')
            break
        }
        'optra;auth;login' {
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Take the key from this file, which its owner alone can read; `-` is stdin')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile: a portal and its key under one name')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Reach the portal at this URL, with or without `/graphql`')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up on a request after this long, such as `30` (seconds), `2m`, or `0` for never')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in this PEM file instead of the system''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox: a portal inside this program, which needs no account')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail where a question would be asked')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'optra;auth;status' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile: a portal and its key under one name')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Reach the portal at this URL, with or without `/graphql`')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up on a request after this long, such as `30` (seconds), `2m`, or `0` for never')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in this PEM file instead of the system''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox: a portal inside this program, which needs no account')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail where a question would be asked')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'optra;auth;logout' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile: a portal and its key under one name')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Reach the portal at this URL, with or without `/graphql`')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up on a request after this long, such as `30` (seconds), `2m`, or `0` for never')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in this PEM file instead of the system''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox: a portal inside this program, which needs no account')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail where a question would be asked')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'optra;keys' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile: a portal and its key under one name')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Reach the portal at this URL, with or without `/graphql`')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up on a request after this long, such as `30` (seconds), `2m`, or `0` for never')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in this PEM file instead of the system''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox: a portal inside this program, which needs no account')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail where a question would be asked')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Generate an API key and print its secret')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the organization''s API keys, without their secrets')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Revoke API keys, at once and for ever')
            break
        }
        'optra;keys;generate' {
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'What the key is for: one key per integration')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile: a portal and its key under one name')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Reach the portal at this URL, with or without `/graphql`')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up on a request after this long, such as `30` (seconds), `2m`, or `0` for never')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in this PEM file instead of the system''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox: a portal inside this program, which needs no account')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail where a question would be asked')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'optra;keys;list' {
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Stop after this many keys')
            [CompletionResult]::new('--fields', '--fields', [CompletionResultType]::ParameterName, 'Show only these fields, in this order, separated by commas')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile: a portal and its key under one name')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Reach the portal at this URL, with or without `/graphql`')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up on a request after this long, such as `30` (seconds), `2m`, or `0` for never')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in this PEM file instead of the system''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox: a portal inside this program, which needs no account')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail where a question would be asked')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'optra;keys;revoke' {
            [CompletionResult]::new('--accept-risk', '--accept-risk', [CompletionResultType]::ParameterName, 'Revoke even the key in use, and so lose access with it')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile: a portal and its key under one name')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Reach the portal at this URL, with or without `/graphql`')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up on a request after this long, such as `30` (seconds), `2m`, or `0` for never')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in this PEM file instead of the system''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Revoke without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Revoke without asking')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox: a portal inside this program, which needs no account')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail where a question would be asked')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'optra;devices' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile: a portal and its key under one name')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Reach the portal at this URL, with or without `/graphql`')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up on a request after this long, such as `30` (seconds), `2m`, or `0` for never')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in this PEM file instead of the system''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox: a portal inside this program, which needs no account')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail where a question would be asked')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the organization''s devices')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one device, by its id or its unique name')
            break
        }
        'optra;devices;list' {
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Stop after this many devices')
            [CompletionResult]::new('--fields', '--fields', [CompletionResultType]::ParameterName, 'Show only these fields, in this order, separated by commas')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile: a portal and its key under one name')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Reach the portal at this URL, with or without `/graphql`')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up on a request after this long, such as `30` (seconds), `2m`, or `0` for never')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in this PEM file instead of the system''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox: a portal inside this program, which needs no account')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail where a question would be asked')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'optra;devices;show' {
            [CompletionResult]::new('--fields', '--fields', [CompletionResultType]::ParameterName, 'Show only these fields, in this order, separated by commas')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile: a portal and its key under one name')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Reach the portal at this URL, with or without `/graphql`')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up on a request after this long, such as `30` (seconds), `2m`, or `0` for never')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in this PEM file instead of the system''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox: a portal inside this program, which needs no account')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail where a question would be asked')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'optra;api' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Read the document from this file; `-` is stdin')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read the document from this file; `-` is stdin')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'Set a variable: numbers, true, false and null are typed, `@path` is the content of a file; can be repeated')
            [CompletionResult]::new('--variable', '--variable', [CompletionResultType]::ParameterName, 'Set a variable: numbers, true, false and null are typed, `@path` is the content of a file; can be repeated')
            [CompletionResult]::new('--variables', '--variables', [CompletionResultType]::ParameterName, 'Set all variables, as a JSON object')
            [CompletionResult]::new('--operation', '--operation', [CompletionResultType]::ParameterName, 'Run this operation of a document that has several')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile: a portal and its key under one name')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Reach the portal at this URL, with or without `/graphql`')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up on a request after this long, such as `30` (seconds), `2m`, or `0` for never')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in this PEM file instead of the system''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox: a portal inside this program, which needs no account')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail where a question would be asked')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'optra;sandbox' {
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Listen on this port of 127.0.0.1; any free one if left out')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this directory')
            [CompletionResult]::new('--devices', '--devices', [CompletionResultType]::ParameterName, 'Have this many devices; as many as before if left out, 25 at first')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Give every key this role; only an admin may manage keys')
            [CompletionResult]::new('--api-keys', '--api-keys', [CompletionResultType]::ParameterName, 'Have API keys enabled for the organization, or not')
            [CompletionResult]::new('--introspection', '--introspection', [CompletionResultType]::ParameterName, 'Tell the schema to those who ask, or not')
            [CompletionResult]::new('--dialect', '--dialect', [CompletionResultType]::ParameterName, 'Know all of the contract, or the documented query only')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile: a portal and its key under one name')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Reach the portal at this URL, with or without `/graphql`')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up on a request after this long, such as `30` (seconds), `2m`, or `0` for never')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in this PEM file instead of the system''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--fresh', '--fresh', [CompletionResultType]::ParameterName, 'Start with nothing and keep nothing')
            [CompletionResult]::new('--personal', '--personal', [CompletionResultType]::ParameterName, 'Be a personal account instead of an organization')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox: a portal inside this program, which needs no account')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail where a question would be asked')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'optra;completions' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile: a portal and its key under one name')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Reach the portal at this URL, with or without `/graphql`')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up on a request after this long, such as `30` (seconds), `2m`, or `0` for never')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in this PEM file instead of the system''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox: a portal inside this program, which needs no account')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail where a question would be asked')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'optra;help' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile: a portal and its key under one name')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Reach the portal at this URL, with or without `/graphql`')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the result in this format')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up on a request after this long, such as `30` (seconds), `2m`, or `0` for never')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in this PEM file instead of the system''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox: a portal inside this program, which needs no account')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail where a question would be asked')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell each request on stderr, without its contents')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
