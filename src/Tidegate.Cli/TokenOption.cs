using System.CommandLine;
using Tidegate.Cli.Client;

namespace Tidegate.Cli;

/// <summary>By which token a command shows itself: <c>--token-file</c>, else <c>TIDEGATE_TOKEN_FILE</c>, else <c>TIDEGATE_TOKEN</c>, else the session of <c>tidegate login</c>.</summary>
public static class TokenOption
{
    public static Option<string?> Instance { get; } =
        new("--token-file")
        {
            Description = "File with the token to show (default: TIDEGATE_TOKEN_FILE, TIDEGATE_TOKEN, tidegate login)",
            Recursive = true,
        };

    /// <summary>Null where there is none: then the control plane sees the operating system's user.</summary>
    public static string? Find(ParseResult parsed, string address)
    {
        if (File(parsed) is { } named)
        {
            return TokenFile.Read(named);
        }

        if (Environment.GetEnvironmentVariable("TIDEGATE_TOKEN") is { Length: > 0 } token)
        {
            return token.Trim();
        }

        var session = TokenFile.OfSession(address);
        return System.IO.File.Exists(session) ? TokenFile.Read(session) : null;
    }

    /// <summary>The file that is named, or null.</summary>
    public static string? File(ParseResult parsed) =>
        parsed.GetValue(Instance)
        ?? (Environment.GetEnvironmentVariable("TIDEGATE_TOKEN_FILE") is { Length: > 0 } variable ? variable : null);
}
