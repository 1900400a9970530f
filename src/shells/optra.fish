# Completions of optra for fish. To use them, put this into ~/.config/fish/config.fish:
#   OPTRA_COMPLETE=fish optra | source
complete -c optra -f -k -a '(OPTRA_COMPLETE=fish optra -- (commandline -opc) (commandline -ct) 2>/dev/null)'
