using System.Collections.Immutable;

namespace Tidegate.Drivers.Runtimes.Processes;

/// <summary>The environment of PostgreSQL's programs, and of those that work beside it.</summary>
internal static class ServerEnvironment
{
    public static ImmutableDictionary<string, string> Variables { get; } =
        ImmutableDictionary.CreateRange(
            StringComparer.Ordinal,
            [
                KeyValuePair.Create("PATH", "/usr/bin:/bin"),
                KeyValuePair.Create("LANG", "C.UTF-8"),
                KeyValuePair.Create("TZ", "UTC"),
            ]
        );
}
