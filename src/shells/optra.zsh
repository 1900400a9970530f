#compdef optra
# Completions of optra for zsh. To use them, put this into ~/.zshrc, below compinit, if it is there:
#   source <(OPTRA_COMPLETE=zsh optra)
_optra_complete() {
    local line current more
    local -a parts values shown
    # Within quotes, what is typed stands there without them.
    [[ -n $compstate[quote] ]] && current=$PREFIX || current=${(Q)PREFIX}
    local -a lines=("${(@f)$(OPTRA_COMPLETE=zsh optra -- "${(@Q)words[1,CURRENT-1]}" "$current" 2>/dev/null)}")
    for more in end more; do
        values=() shown=()
        for line in $lines; do
            parts=("${(@ps:\t:)line}")
            [[ $parts[1] == $more ]] || continue
            values+=("$parts[2]")
            shown+=("$parts[2]${parts[3]:+  -- $parts[3]}")
        done
        (( $#values )) || continue
        if [[ $more == more ]]; then
            compadd -V optra -l -d shown -S '' -a values
        else
            compadd -V optra -l -d shown -a values
        fi
    done
}
if ! (( $+functions[compdef] )); then
    autoload -Uz compinit && compinit -i
fi
compdef _optra_complete optra
