# Completions of optra for bash. To use them, put this into ~/.bashrc:
#   source <(OPTRA_COMPLETE=bash optra)
_optra_complete() {
    local IFS line
    COMPREPLY=()
    while IFS= read -r line; do
        COMPREPLY+=("$line")
    done < <(OPTRA_COMPLETE=bash optra -- "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)
}
complete -o nospace -o nosort -F _optra_complete optra 2>/dev/null ||
    complete -o nospace -F _optra_complete optra
