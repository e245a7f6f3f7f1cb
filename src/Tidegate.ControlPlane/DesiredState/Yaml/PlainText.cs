using System.Text.RegularExpressions;

namespace Tidegate.ControlPlane.DesiredState.Yaml;

/// <summary>What other readers of YAML take an unquoted word for (YAML 1.2, core schema): so a fleet means the same to all of them.</summary>
internal static partial class PlainText
{
    /// <summary>"a number", "a truth value", "nothing"; null when it is a text.</summary>
    public static string? Meaning(string plain) =>
        plain switch
        {
            "" or "~" or "null" or "Null" or "NULL" => "nothing",
            "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => "a truth value",
            _ => char.IsAsciiDigit(plain[0]) || plain[0] is '-' or '+' or '.'
                ? Number().IsMatch(plain)
                    ? "a number"
                    : null
                : null,
        };

    [GeneratedRegex(
        @"\A([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Number();
}
