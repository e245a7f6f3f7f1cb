using System.CommandLine;

namespace Tidegate.Server.Commands;

/// <summary>Where that is kept which can be made again; the rule of <c>eng/where cache</c>.</summary>
internal static class CacheOption
{
    public static Option<DirectoryInfo> Create() =>
        new("--cache")
        {
            Description = "Where facts about modules are kept. Default: $TIDEGATE_CACHE/validate.",
            DefaultValueFactory = _ => new(Path.Join(Default(), "validate")),
        };

    private static string Default() =>
        Environment.GetEnvironmentVariable("TIDEGATE_CACHE") is { Length: > 0 } named ? named
        : Environment.IsPrivilegedProcess ? "/var/cache/tidegate"
        : Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "tidegate");
}
