namespace Tidegate.Demo.Story;

/// <summary>One rollout of the story and how it is meant to end.</summary>
/// <param name="Addons">The folder with the release's addons.</param>
/// <param name="GoesOut">True when every tenant is to run it; false when it is to stop at wave 1, unnoticed by the others; null when nothing is promised.</param>
internal sealed record Chapter(string Release, string Addons, bool? GoesOut)
{
    /// <summary>The releases after the first, in the order they are rolled out.</summary>
    private static readonly (string Release, bool GoesOut)[] Told =
    [
        ("2026.11.2", true),
        ("2026.11.3", false),
        ("2026.11.4", false),
        ("2026.11.5", false),
        ("2026.11.6", true),
    ];

    /// <param name="samples">The folder that holds a folder of addons per release.</param>
    public static IEnumerable<Chapter> Of(string samples) =>
        Told.Select(told => new Chapter(told.Release, Path.Combine(samples, told.Release), told.GoesOut));

    /// <summary>Releases that somebody else made: one folder of addons each, taken in the order of their names.</summary>
    public static IEnumerable<Chapter> Further(string folder) =>
        Directory
            .EnumerateDirectories(folder)
            .Order(StringComparer.Ordinal)
            .Select(addons => new Chapter(Path.GetFileName(addons), addons, GoesOut: null));
}
