using System.Collections.Frozen;

namespace Tidegate.Cli.Completion;

/// <summary>
/// The scripts. Each hands the line and the cursor's place to the directive <c>[suggest:PLACE]</c>, which answers one
/// suggestion a line. So a script knows no command and never grows old.
/// </summary>
internal static class CompletionScripts
{
    private static readonly FrozenDictionary<string, string> Scripts = new Dictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        ["bash"] = """
            # Completes tidegate in bash: source <(tidegate completion bash)
            _tidegate() {
                local word=${COMP_WORDS[COMP_CWORD]} line
                COMPREPLY=()
                while IFS= read -r line; do
                    [[ $line == "$word"* ]] && COMPREPLY+=("$line")
                done < <("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
            }
            complete -o default -F _tidegate tidegate

            """,
        ["zsh"] = """
            # Completes tidegate in zsh: source <(tidegate completion zsh)
            _tidegate() {
                local -a suggestions
                suggestions=("${(@f)$("${words[1]}" "[suggest:${#LBUFFER}]" "$BUFFER" 2>/dev/null)}")
                [[ -n ${suggestions[1]} ]] && compadd -- $suggestions || _files
            }
            (( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
            compdef _tidegate tidegate

            """,
        ["fish"] = """
            # Completes tidegate in fish: tidegate completion fish | source
            function __tidegate_suggest
                set -l line (commandline -cp)
                set -l words (commandline -op)
                $words[1] "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c tidegate -a '(__tidegate_suggest)'

            """,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> Shells => Scripts.Keys.Order(StringComparer.Ordinal);

    public static string Of(string shell) => Scripts[shell];
}
