# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_optra_global_optspecs
    string join \n profile= portal= sandbox o/output= output-file= no-headers jq= template= timeout= retries= cacert= client-cert= client-key= header= no-config read-only no-input q/quiet v/verbose no-pager color= h/help V/version
end

function __fish_optra_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_optra_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_optra_using_subcommand
    set -l cmd (__fish_optra_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c optra -n "__fish_optra_needs_command" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_needs_command" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_needs_command" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_needs_command" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_needs_command" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_needs_command" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_needs_command" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_needs_command" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_needs_command" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_needs_command" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_needs_command" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_needs_command" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_needs_command" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_needs_command" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_needs_command" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_needs_command" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_needs_command" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_needs_command" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_needs_command" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_needs_command" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_needs_command" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_needs_command" -s V -l version -d 'Print version'
complete -c optra -n "__fish_optra_needs_command" -f -a "auth" -d 'Log in to portals, check, use and forget their keys'
complete -c optra -n "__fish_optra_needs_command" -f -a "keys" -d 'Generate, list, show, audit, rotate, scan for and revoke API keys'
complete -c optra -n "__fish_optra_needs_command" -f -a "devices" -d 'List, show, watch and wait for devices'
complete -c optra -n "__fish_optra_needs_command" -f -a "portal" -d 'See what a portal can do, and fit the commands to it'
complete -c optra -n "__fish_optra_needs_command" -f -a "api" -d 'Send any GraphQL document and print the answer unchanged'
complete -c optra -n "__fish_optra_needs_command" -f -a "query" -d 'Send a document that is kept as a file, or list all of them'
complete -c optra -n "__fish_optra_needs_command" -f -a "run" -d 'Run a program with the key and the portal\'s URL in its environment'
complete -c optra -n "__fish_optra_needs_command" -f -a "broker" -d 'Let programs ask the portal with a token instead of the key'
complete -c optra -n "__fish_optra_needs_command" -f -a "sandbox" -d 'Serve a portal on this machine, to try scripts on'
complete -c optra -n "__fish_optra_needs_command" -f -a "doctor" -d 'Diagnose problems and show fixes'
complete -c optra -n "__fish_optra_needs_command" -f -a "explain" -d 'Explain an exit code or an error code: what it means, why, and what to do'
complete -c optra -n "__fish_optra_needs_command" -f -a "schema" -d 'Print the JSON Schema of what a command writes with `-o json`'
complete -c optra -n "__fish_optra_needs_command" -f -a "completions" -d 'Print the completions of a shell'
complete -c optra -n "__fish_optra_needs_command" -f -a "man" -d 'Show the manual page of a command or a topic'
complete -c optra -n "__fish_optra_needs_command" -f -a "version" -d 'Print the version, and how this program was built'
complete -c optra -n "__fish_optra_needs_command" -f -a "help" -d 'Print the help of a command, or of a topic such as `options` or `bindings`'
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -f -a "login" -d 'Store a portal\'s API key under a profile'
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -f -a "status" -d 'Show the portal, the key in use and whether the portal accepts it'
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -f -a "list" -d 'List the profiles, and where their keys are'
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -f -a "switch" -d 'Use another profile from now on'
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -f -a "token" -d 'Print the key in use, for another program'
complete -c optra -n "__fish_optra_using_subcommand auth; and not __fish_seen_subcommand_from login status list switch token logout" -f -a "logout" -d 'Forget the profile\'s key on this machine'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l key-file -d 'Read the key from this file, which only its owner may be able to read; `-` is stdin' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l store -d 'Keep the key in the keyring, in a file for its owner only, or have a command print it; default: the profile\'s store' -r -f -a "keyring\t''
file\t''
command\t''"
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l command -d 'Run this program for the key each time; its words are split as the system splits them, and no shell runs it' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l key-id -d 'Say which of the portal\'s keys this is, by id or name, where the portal does not tell' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l try-wrong-key -d 'Where nothing else proves the key, send a made-up one once, to see whether the portal refuses that'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -l all -d 'Check the keys of all profiles, in parallel'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -l fields -d 'Show only these fields, in this order, separated by commas' -r -f -a "profile\t''
active\t''
portal\t''
organization\t''
store\t''
place\t''
keyId\t''
readOnly\t''"
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from switch" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from switch" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from switch" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from switch" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from switch" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from switch" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from switch" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from switch" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from switch" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from switch" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from switch" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from switch" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from switch" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from switch" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from switch" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from switch" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from switch" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from switch" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from switch" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from switch" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from switch" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from switch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -l reveal -d 'Print it on a terminal too'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from token" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -l accept-risk -d 'Confirm that losing your own access is intended' -r -f -a "lose-access\t''"
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -l reason -d 'Record this reason in the log' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -l all -d 'Forget the keys of all profiles'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -l revoke -d 'Revoke the key first; forget it once the portal rejects it'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -s y -l yes -d 'Revoke without asking; also needs `--accept-risk lose-access`'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand auth; and __fish_seen_subcommand_from logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -f -a "generate" -d 'Generate an API key and deliver its secret'
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -f -a "ensure" -d 'Make sure that a key of this name exists'
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -f -a "list" -d 'List the organization\'s API keys, without their secrets'
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -f -a "show" -d 'Show one API key: what the portal tells of it, and where it is'
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -f -a "rotate" -d 'Replace an API key by a new one, and revoke the old one'
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -f -a "audit" -d 'Look for keys that should be rotated, revoked or named'
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -f -a "scan" -d 'Find leaked keys in files, logs and the history of git'
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -f -a "where" -d 'Show where a key is, as far as this machine knows'
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -f -a "log" -d 'Show what this machine did to keys'
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -f -a "revoke" -d 'Revoke API keys, immediately and for good'
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -f -a "sweep" -d 'Revoke the keys that killed runs have left'
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -f -a "plan" -d 'Show what `keys apply` would do to make the keys match a file'
complete -c optra -n "__fish_optra_using_subcommand keys; and not __fish_seen_subcommand_from generate ensure list show rotate audit scan where log revoke sweep plan apply" -f -a "apply" -d 'Generate, rotate and revoke keys until they match a file'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l name -d 'Name the key after what it is for, one key per integration; default: a generated name' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l to -d 'Deliver the secret to stdout, keyring, keyring:PROFILE, file:PATH or command:\'CMD ARGS\'; can be repeated' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l reason -d 'Record this reason in the log' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l force -d 'Overwrite an existing file or keyring entry'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l unique -d 'Fail if a key with this name exists, instead of warning'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -l name -d 'The name of the key' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -l to -d 'Deliver the secret to stdout, keyring, keyring:PROFILE, file:PATH or command:\'CMD ARGS\'; can be repeated' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -l reason -d 'Record this reason in the log' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -l allow-partial -d 'Accept a listing that may be partial'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from ensure" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l name -d 'Show only keys whose name matches this pattern, such as `ci-*`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l unused-for -d 'Show only keys unused for longer than this, such as `90d`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l older-than -d 'Show only keys older than this, such as `90d`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l where -d 'Only keys of which this is true, such as name=\'ci-*\'; can be repeated; `optra help filters`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l limit -d 'Stop after this many rows' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l after -d 'Resume a listing from this cursor' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l sort -d 'Sort by a field; missing values last' -r -f -a "profile\t''
id\t''
name\t''
createdAt\t''
lastUsedAt\t''
createdBy\t''
inUse\t''"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l fields -d 'Show only these fields, in this order, separated by commas' -r -f -a "profile\t''
id\t''
name\t''
createdAt\t''
lastUsedAt\t''
createdBy\t''
inUse\t''"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l allow-partial -d 'Accept a listing that may be partial'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l all-profiles -d 'Ask every profile; name some of them with `--profile a,b`'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l count -d 'Print only the count'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l reverse -d 'Reverse the order'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -l fields -d 'Show only these fields, in this order, separated by commas' -r -f -a "id\t''
name\t''
createdAt\t''
lastUsedAt\t''
createdBy\t''
inUse\t''
ageDays\t''
unusedDays\t''
places\t''
profiles\t''
rotation\t''"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -l allow-partial -d 'Accept a listing that may be partial'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l name -d 'Name the new key; default: the old key\'s name' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l to -d 'Deliver the secret here instead of the profile\'s own store; can be repeated' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l hook -d 'Run this before the old key is revoked' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l hook-limit -d 'Stop the hook after this long; the rotation can be resumed' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l grace -d 'Keep both keys valid for this long, such as `10m`, before revoking the old one' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l accept-risk -d 'Confirm that losing your own access is intended' -r -f -a "lose-access\t''"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l reason -d 'Record this reason in the log' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l force -d 'Overwrite an existing file or keyring entry'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -s y -l yes -d 'Rotate without asking'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l allow-partial -d 'Accept a listing that may be partial'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l resume -d 'Resume the interrupted rotation'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l abort -d 'Roll back the interrupted rotation; the old key stays'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l force-forget -d 'Forget a rotation that can be neither resumed nor rolled back, and say what it leaves behind; nothing is revoked'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l status -d 'Show the unfinished rotation'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from rotate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l max-age -d 'Report keys older than this' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l max-unused -d 'Report keys unused for longer than this' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l fail-on -d 'Fail for these findings only, separated by commas; for all if left out' -r -f -a "old\t'Older than a key may be'
unused\t'Not used for longer than a key may be'
unnamed\t'Has no name'
same-name\t'Has the same name as another'
unknown-age\t'The portal does not tell when it was made'
unknown-use\t'The portal does not tell when it was used'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l fields -d 'Show only these fields, in this order, separated by commas' -r -f -a "profile\t''
rule\t''
keyId\t''
keyName\t''
message\t''"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l require-name -d 'Report keys without a name'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l allow-partial -d 'Accept a listing that may be partial'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l all-profiles -d 'Ask every profile; name some of them with `--profile a,b`'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from audit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l git -d 'Scan all objects of a repository, or those that are new in a range' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l fields -d 'Show only these fields, in this order, separated by commas' -r -f -a "portal\t''
keyId\t''
keyName\t''
state\t''
location\t''
path\t''
line\t''
column\t''
commit\t''
form\t''
context\t''
rotate\t''
member\t''"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l staged -d 'Scan the files that the next commit changes'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l in-use -d 'Also look for the key in use, wherever it comes from'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l check -d 'Ask the portal which of the keys that were found are valid'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l ignore-revoked -d 'Ignore keys that are known to be revoked'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from scan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -l fields -d 'Show only these fields, in this order, separated by commas' -r -f -a "keyId\t''
keyName\t''
kind\t''
place\t''
state\t''"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from where" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -l limit -d 'Show only the last N entries' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -l head -d 'Check that this head, which `--verify` printed, is still there' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -l fields -d 'Show only these fields, in this order, separated by commas' -r -f -a "time\t''
portal\t''
profile\t''
command\t''
action\t''
ids\t''
name\t''
result\t''
requestId\t''
reason\t''
user\t''
host\t''
job\t''
actor\t''
plan\t''
writtenBy\t''
approvedBy\t''"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -l verify -d 'Check that no entry was changed, moved or dropped, and print the head'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from log" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l where -d 'Revoke the keys that meet this: name=PATTERN, unused-for=AGE or older-than=AGE; can be repeated; `optra help filters`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l max -d 'Allow a condition to match up to this many keys [default: 10]' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l apply -d 'Revoke the keys of this plan, if unchanged' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l plan -d 'Write the plan to this file, and revoke nothing' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l accept-risk -d 'Confirm that losing your own access is intended' -r -f -a "lose-access\t''"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l writer -d 'Say in the plan who writes it, as `--allowed-signers` calls them: whoever writes a plan does not approve it' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l require-approval -d 'Apply the plan only if its writer signed it, and so many others: with `ssh-keygen -Y sign -n optra-plan`, in PLAN.sig and PLAN.*.sig' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l allowed-signers -d 'Who may sign, and with which keys, as in `man ssh-keygen` under ALLOWED SIGNERS' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l max-age -d 'Refuse a plan that is older' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l reason -d 'Record this reason in the log' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l ignore-not-found -d 'Treat a missing key as revoked'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l dry-run -d 'Show what would be revoked, and revoke nothing'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -s y -l yes -d 'Revoke without asking'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l allow-partial -d 'Accept a listing that may be partial'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -l older-than -d 'Also take keys of runs on other machines, if they are older than this' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -l dry-run -d 'Show what would be revoked, and revoke nothing'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -s y -l yes -d 'Revoke keys of runs on other machines without asking'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -l allow-partial -d 'Accept a listing that may be partial'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from sweep" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -s f -l file -d 'The file of the keys that should exist; `-` is stdin' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -l fields -d 'Show only these fields, in this order, separated by commas' -r -f -a "action\t''
name\t''
id\t''
reason\t''
owner\t''"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -l prune -d 'Also show that keys which the file does not name would be revoked'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -l exit-code -d 'Exit with 1 if anything is to be done, with 3 if the state of a key is unknown'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -l allow-partial -d 'Accept a listing that may be partial'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from plan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -s f -l file -d 'The file of the keys that should exist; `-` is stdin' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l max -d 'Let up to N keys be revoked without a replacement, instead of 10' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l accept-risk -d 'Confirm that losing your own access is intended' -r -f -a "lose-access\t''"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l reason -d 'Record this reason in the log' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l prune -d 'Also revoke the keys that the file does not name'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l dry-run -d 'Show the steps, as `keys plan` does, and change nothing'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -s y -l yes -d 'Change the keys without asking'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l allow-partial -d 'Accept a listing that may be partial'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand keys; and __fish_seen_subcommand_from apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -f -a "list" -d 'List the organization\'s devices'
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -f -a "show" -d 'Show one device, by its id or its unique name'
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -f -a "wait" -d 'Wait until devices meet conditions, such as being online'
complete -c optra -n "__fish_optra_using_subcommand devices; and not __fish_seen_subcommand_from list show wait watch" -f -a "watch" -d 'Watch the devices, and mark what changes'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l where -d 'Show only those that meet this, such as status=OFFLINE; `optra help filters` has the rules' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l limit -d 'Stop after this many rows' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l after -d 'Resume a listing from this cursor' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l sort -d 'Sort by a field; missing values last' -r -f -a "profile\t''
id\t''
name\t''
serialNumber\t''
model\t''
status\t''
enabled\t''
firmwareVersion\t''
ipAddress\t''
macAddress\t''
timezone\t''
tags\t''
location\t''
lastSeenAt\t''
createdAt\t''
location.id\t''
location.name\t''
location.address\t''
location.latitude\t''
location.longitude\t''
tags.id\t''
tags.name\t''"
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l fields -d 'Show only these fields, in this order, separated by commas' -r -f -a "profile\t''
id\t''
name\t''
serialNumber\t''
model\t''
status\t''
enabled\t''
firmwareVersion\t''
ipAddress\t''
macAddress\t''
timezone\t''
tags\t''
location\t''
lastSeenAt\t''
createdAt\t''
location.id\t''
location.name\t''
location.address\t''
location.latitude\t''
location.longitude\t''
tags.id\t''
tags.name\t''"
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l allow-partial -d 'Accept a listing that may be partial'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l all-profiles -d 'Ask every profile; name some of them with `--profile a,b`'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l count -d 'Print only the count'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l reverse -d 'Reverse the order'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l exit-code -d 'Exit with 1 if any device was found, for alerts'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -l fields -d 'Show only these fields, in this order, separated by commas' -r -f -a "profile\t''
id\t''
name\t''
serialNumber\t''
model\t''
status\t''
enabled\t''
firmwareVersion\t''
ipAddress\t''
macAddress\t''
timezone\t''
tags\t''
location\t''
lastSeenAt\t''
createdAt\t''
location.id\t''
location.name\t''
location.address\t''
location.latitude\t''
location.longitude\t''
tags.id\t''
tags.name\t''"
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -l allow-partial -d 'Accept a listing that may be partial'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l for -d 'Wait for this condition, as `--where` of `devices list` takes it; can be repeated' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l deadline -d 'Give up after this long, or `0` for never; `--timeout` is the limit of one request' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l interval -d 'Poll at this interval, such as `30` (seconds) or `5m`' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l fields -d 'Show only these fields, in this order, separated by commas' -r -f -a "profile\t''
id\t''
name\t''
serialNumber\t''
model\t''
status\t''
enabled\t''
firmwareVersion\t''
ipAddress\t''
macAddress\t''
timezone\t''
tags\t''
location\t''
lastSeenAt\t''
createdAt\t''
location.id\t''
location.name\t''
location.address\t''
location.latitude\t''
location.longitude\t''
tags.id\t''
tags.name\t''"
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l allow-partial -d 'Accept a listing that may be partial'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -l interval -d 'Poll at this interval, such as `30` (seconds) or `5m`' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -l sort -d 'Show the devices in this order' -r -f -a "changed\t'The latest change first'
id\t''
name\t''
status\t''
location\t''
lastSeenAt\t''"
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -l where -d 'Show only those that meet this, such as status=OFFLINE; `optra help filters` has the rules' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -l allow-partial -d 'Accept a listing that may be partial'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand devices; and __fish_seen_subcommand_from watch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -f -a "check" -d 'Check which operations fit this portal, without running any'
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -f -a "adopt" -d 'Fit the commands to this portal, one suggestion after the other'
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -f -a "schema" -d 'Print the portal\'s own schema'
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -f -a "bind" -d 'Use a document of your own for one of our operations'
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -f -a "unbind" -d 'Forget a document of your own and use ours again'
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -f -a "set" -d 'Give a value to a variable of your bindings, once for this profile'
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -f -a "export" -d 'Print all bindings for this portal as one file'
complete -c optra -n "__fish_optra_using_subcommand portal; and not __fish_seen_subcommand_from check adopt schema bind unbind set export import" -f -a "import" -d 'Save the bindings of a file that `portal export` printed'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -l fields -d 'Show only these fields, in this order, separated by commas' -r -f -a "operation\t''
verdict\t''
missing\t''
alike\t''
why\t''
learned\t''
proposal\t''"
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -l strict -d 'Exit with 9 if an operation does not fit, or only with fewer fields'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l from-curl -d 'Make the suggestion from a request that a browser\'s developer tools copied for curl; `-` reads it from stdin. Its headers are not used' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l answer -d 'Read the portal\'s answer to that request from this file instead of sending it; `-` is stdin' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l as -d 'The operation that the request stands for, if its names do not say so' -r -f -a "devices.list\t''
devices.show\t''
keys.list\t''
keys.generate\t''
keys.revoke\t''
auth.viewer\t''"
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l fields -d 'Show only these fields, in this order, separated by commas' -r -f -a "operation\t''
bound\t''
likeness\t''
document\t''
missing\t''
fragile\t''"
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l yes-queries -d 'Adopt suggestions for queries without asking, unless they are guesses'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from adopt" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -l json -d 'Print the introspection result as JSON instead, for other tools'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -s f -l file -d 'Read the document from this file; `-` is stdin' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -l try -d 'Run the query once before saving it, and show the first items of its answer'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -l unchecked -d 'Skip validation by the portal'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from bind" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from unbind" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from unbind" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from unbind" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from unbind" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from unbind" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from unbind" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from unbind" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from unbind" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from unbind" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from unbind" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from unbind" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from unbind" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from unbind" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from unbind" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from unbind" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from unbind" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from unbind" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from unbind" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from unbind" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from unbind" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from unbind" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from unbind" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -l fields -d 'Show only these fields, in this order, separated by commas' -r -f -a "name\t''
value\t''"
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from export" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from export" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from export" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from export" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from export" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from export" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from export" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from export" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from export" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from export" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from export" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from export" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from export" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from export" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from export" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from export" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from export" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from export" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from export" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -l fields -d 'Show only these fields, in this order, separated by commas' -r -f -a "operation\t''
bound\t''
path\t''
missing\t''"
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -s y -l yes -d 'Save them without asking'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -l unchecked -d 'Skip validation by the portal'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand portal; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand api" -s f -l file -d 'Read the document from this file; `-` is stdin' -r -F
complete -c optra -n "__fish_optra_using_subcommand api" -s F -l variable -d 'Set a variable: numbers, true, false and null are typed, `@path` is the content of a file; can be repeated' -r
complete -c optra -n "__fish_optra_using_subcommand api" -l variables -d 'Set all variables, as a JSON object' -r
complete -c optra -n "__fish_optra_using_subcommand api" -l operation -d 'Run this operation, where the document has several' -r
complete -c optra -n "__fish_optra_using_subcommand api" -l paginate -d 'Fetch page after page of every paginated list, or of LIST alone; the document takes the cursor as `$after`; with `-o ndjson` each item is a line' -r
complete -c optra -n "__fish_optra_using_subcommand api" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand api" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand api" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand api" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand api" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand api" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand api" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand api" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand api" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand api" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand api" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand api" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand api" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand api" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand api" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand api" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand api" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand api" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand api" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand api" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand api" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand api" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand query" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand query" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand query" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand query" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand query" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand query" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand query" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand query" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand query" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand query" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand query" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand query" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand query" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand query" -l list -d 'List the documents, and where each comes from'
complete -c optra -n "__fish_optra_using_subcommand query" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand query" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand query" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand query" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand query" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand query" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand query" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand query" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand query" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand run" -l name -d 'Name the key of the run, with a nonce appended; default: `optra`' -r
complete -c optra -n "__fish_optra_using_subcommand run" -l only -d 'Allow nothing but these: `devices.list`, `queries`, `query:FIELD`, `mutation:FIELD`' -r
complete -c optra -n "__fish_optra_using_subcommand run" -l per-minute -d 'Answer at most N requests in any minute' -r
complete -c optra -n "__fish_optra_using_subcommand run" -l log -d 'Append a line of JSON for each request to this file; `-v` writes it to stderr' -r -F
complete -c optra -n "__fish_optra_using_subcommand run" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand run" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand run" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand run" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand run" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand run" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand run" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand run" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand run" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand run" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand run" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand run" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand run" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand run" -l ephemeral -d 'Generate a key for this run alone, and revoke it at the end'
complete -c optra -n "__fish_optra_using_subcommand run" -l introspection -d 'Also allow introspection, where `--only` limits what is allowed'
complete -c optra -n "__fish_optra_using_subcommand run" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand run" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand run" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand run" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand run" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand run" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand run" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand run" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand broker" -l only -d 'Allow nothing but these: `devices.list`, `queries`, `query:FIELD`, `mutation:FIELD`' -r
complete -c optra -n "__fish_optra_using_subcommand broker" -l per-minute -d 'Answer at most N requests in any minute' -r
complete -c optra -n "__fish_optra_using_subcommand broker" -l log -d 'Append a line of JSON for each request to this file; `-v` writes it to stderr' -r -F
complete -c optra -n "__fish_optra_using_subcommand broker" -l listen -d 'Listen at 127.0.0.1:PORT or unix:PATH instead of a free port' -r
complete -c optra -n "__fish_optra_using_subcommand broker" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand broker" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand broker" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand broker" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand broker" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand broker" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand broker" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand broker" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand broker" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand broker" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand broker" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand broker" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand broker" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand broker" -l introspection -d 'Also allow introspection, where `--only` limits what is allowed'
complete -c optra -n "__fish_optra_using_subcommand broker" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand broker" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand broker" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand broker" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand broker" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand broker" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand broker" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand broker" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand broker" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l port -d 'Listen on this port instead of a free one' -r
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l state -d 'Keep the state in this directory' -r -F
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l devices -d 'Serve this many devices [default: as before, 25 at first]' -r
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l role -d 'Give every key this role; only an admin may manage keys' -r -f -a "admin\t''
billing-admin\t''
device-technician\t''
device-enroller\t''
workflow-editor\t''
workflow-deployer\t''
chart-editor\t''
chart-viewer-only\t''"
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l api-keys -d 'Enable API keys for the organization' -r -f -a "on\t''
off\t''"
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l introspection -d 'Allow introspection' -r -f -a "on\t''
off\t''"
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l dialect -d 'Serve the whole contract, or only the documented query' -r -f -a "full\t'All of it'
documented\t'What the portal\'s public documentation shows'"
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l fail -d 'Inject faults, such as `429:0.1,drop:0.01`' -r
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l latency -d 'Delay answers, such as `50ms..300ms`' -r
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l seed -d 'Repeat the faults and delays of an earlier run' -r
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand sandbox" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l fresh -d 'Start from scratch and save nothing'
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l personal -d 'Act as a personal account, not an organization'
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand sandbox" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand sandbox" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand sandbox" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand sandbox" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand doctor" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand doctor" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand doctor" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand doctor" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand doctor" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand doctor" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand doctor" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand doctor" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand doctor" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand doctor" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand doctor" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand doctor" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand doctor" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand doctor" -l fix -d 'Fix what is safe to fix: modes of files, leftovers of killed runs, a stale cache'
complete -c optra -n "__fish_optra_using_subcommand doctor" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand doctor" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand doctor" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand doctor" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand doctor" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand doctor" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand doctor" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand doctor" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand explain" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand explain" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand explain" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand explain" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand explain" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand explain" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand explain" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand explain" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand explain" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand explain" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand explain" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand explain" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand explain" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand explain" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand explain" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand explain" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand explain" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand explain" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand explain" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand explain" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand explain" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand schema" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand schema" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand schema" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand schema" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand schema" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand schema" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand schema" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand schema" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand schema" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand schema" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand schema" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand schema" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand schema" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand schema" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand schema" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand schema" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand schema" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand schema" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand schema" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand schema" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand schema" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand completions" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand completions" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand completions" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand completions" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand completions" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand completions" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand completions" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand completions" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand completions" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand completions" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand completions" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand completions" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand completions" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand completions" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand completions" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand completions" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand completions" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand completions" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand completions" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand completions" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand completions" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand man" -l dir -d 'Write all pages into this directory' -r -F
complete -c optra -n "__fish_optra_using_subcommand man" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand man" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand man" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand man" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand man" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand man" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand man" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand man" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand man" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand man" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand man" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand man" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand man" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand man" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand man" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand man" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand man" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand man" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand man" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand man" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand man" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand version" -l fields -d 'Show only these fields, in this order, separated by commas' -r -f -a "version\t''
commit\t''
target\t''
features\t''
builtWith\t''"
complete -c optra -n "__fish_optra_using_subcommand version" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand version" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand version" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand version" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand version" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand version" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand version" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand version" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand version" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand version" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand version" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand version" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand version" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand version" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand version" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand version" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand version" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand version" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand version" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand version" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand version" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand version" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c optra -n "__fish_optra_using_subcommand help" -l profile -d 'Use this profile (a portal and its key)' -r
complete -c optra -n "__fish_optra_using_subcommand help" -l portal -d 'Use the portal at this URL, with or without `/graphql`' -r
complete -c optra -n "__fish_optra_using_subcommand help" -s o -l output -d 'Write the result in this format' -r -f -a "table\t'For people: aligned columns, cut to the terminal'
json\t'One JSON document'
ndjson\t'One JSON object per line, as they come'
csv\t'Comma-separated values with a header'
tsv\t'Tab-separated values with a header; a tab in a value is `\\t`'
yaml\t'The same values as in JSON, as YAML'
geojson\t'Devices with a location, as a map that people can open'
sarif\t'What `keys audit` found, for systems that keep lists of findings'"
complete -c optra -n "__fish_optra_using_subcommand help" -l output-file -d 'Write the result to this file, whole or not at all: after a failure it is what it was' -r -F
complete -c optra -n "__fish_optra_using_subcommand help" -l jq -d 'Filter the JSON result with a jq program; print strings without quotes' -r
complete -c optra -n "__fish_optra_using_subcommand help" -l template -d 'Format each item with a Jinja template, such as `{{ name }}: {{ status }}`' -r
complete -c optra -n "__fish_optra_using_subcommand help" -l timeout -d 'Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit' -r
complete -c optra -n "__fish_optra_using_subcommand help" -l retries -d 'Retry failed reads up to N times' -r
complete -c optra -n "__fish_optra_using_subcommand help" -l cacert -d 'Trust the certificate authorities in this PEM file instead of the system\'s' -r -F
complete -c optra -n "__fish_optra_using_subcommand help" -l client-cert -d 'Authenticate with this client certificate (PEM, with or without its private key)' -r -F
complete -c optra -n "__fish_optra_using_subcommand help" -l client-key -d 'Read the private key of the client certificate from this PEM file (owner-only)' -r -F
complete -c optra -n "__fish_optra_using_subcommand help" -l header -d 'Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable' -r
complete -c optra -n "__fish_optra_using_subcommand help" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c optra -n "__fish_optra_using_subcommand help" -l sandbox -d 'Use the sandbox, a portal inside this program that needs no account'
complete -c optra -n "__fish_optra_using_subcommand help" -l no-headers -d 'Leave out the header of a table, of CSV and of TSV'
complete -c optra -n "__fish_optra_using_subcommand help" -l no-config -d 'Ignore `config.toml`'
complete -c optra -n "__fish_optra_using_subcommand help" -l read-only -d 'Refuse to send any mutation'
complete -c optra -n "__fish_optra_using_subcommand help" -l no-input -d 'Never prompt; fail instead'
complete -c optra -n "__fish_optra_using_subcommand help" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c optra -n "__fish_optra_using_subcommand help" -s v -l verbose -d 'Log each request (-vv: with bodies, secrets masked)'
complete -c optra -n "__fish_optra_using_subcommand help" -l no-pager -d 'Show no pager, however long a list is'
complete -c optra -n "__fish_optra_using_subcommand help" -s h -l help -d 'Print help (see more with \'--help\')'
