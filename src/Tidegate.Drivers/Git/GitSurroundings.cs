using System.Collections;
using System.Collections.Immutable;

namespace Tidegate.Drivers.Git;

/// <summary>
/// The environment of every git here. The operator's proxies and ssh agent are kept; what says to git which repository,
/// configuration or program to use is not, so that git does the same whoever started the server, from where.
/// </summary>
internal static class GitSurroundings
{
    public const string Git = "/usr/bin/git";

    /// <summary>The environment variable with the path of the file that holds a token.</summary>
    public const string SecretVariable = "TIDEGATE_GIT_SECRET";

    /// <summary>The environment variable with the protocols that git may speak, with colons between.</summary>
    public const string ProtocolsVariable = "GIT_ALLOW_PROTOCOL";

    /// <param name="configuration">The only file of settings beside the repository's own.</param>
    public static ImmutableDictionary<string, string> Of(string configuration) =>
        Inherited()
            .SetItems([
                KeyValuePair.Create("LC_ALL", "C"), // what git says is read
                KeyValuePair.Create("GIT_CONFIG_NOSYSTEM", "1"),
                KeyValuePair.Create("GIT_CONFIG_GLOBAL", configuration),
                KeyValuePair.Create("GIT_ATTR_NOSYSTEM", "1"),
                KeyValuePair.Create("GIT_TERMINAL_PROMPT", "0"),
                KeyValuePair.Create("GIT_ASKPASS", ""), // or the desktop's would be asked
                KeyValuePair.Create(ProtocolsVariable, "none"),
                KeyValuePair.Create("GIT_NO_LAZY_FETCH", "1"),
                KeyValuePair.Create("GIT_NO_REPLACE_OBJECTS", "1"),
                KeyValuePair.Create("GIT_OPTIONAL_LOCKS", "0"),
                // The home may lie in somebody's checkout, whose settings are none of ours.
                KeyValuePair.Create(
                    "GIT_CEILING_DIRECTORIES",
                    Path.GetDirectoryName(Path.GetDirectoryName(configuration))!
                ),
            ]);

    private static ImmutableDictionary<string, string> Inherited() =>
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .Select(entry => KeyValuePair.Create((string)entry.Key, (string?)entry.Value ?? ""))
            .Where(entry =>
                !entry.Key.StartsWith("GIT_", StringComparison.Ordinal)
                && entry.Key is not ("SSH_ASKPASS" or "SSH_ASKPASS_REQUIRE" or "GNUPGHOME" or "LANGUAGE")
            )
            .ToImmutableDictionary(StringComparer.Ordinal);
}
