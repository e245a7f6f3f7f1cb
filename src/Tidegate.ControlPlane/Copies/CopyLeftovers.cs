using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Tidegate.ControlPlane.Copies;

/// <summary>What is on a site and belongs to nobody.</summary>
public static class CopyLeftovers
{
    /// <param name="checkpoints">Databases that are kept as checkpoints.</param>
    /// <param name="recorded">Places of copies that are known.</param>
    /// <returns>Names of databases and paths of folders.</returns>
    public static ImmutableArray<string> Of(
        SeenCopies seen,
        IReadOnlySet<string> checkpoints,
        IReadOnlySet<string> recorded,
        SiteWork work
    ) =>
        [
            .. seen
                .Databases.Select(database => database.Name)
                .Where(name => !checkpoints.Contains(name) && !recorded.Contains(name) && !work.Tenants.Contains(name))
                .Where(name => IsOurs(name, work) is false),
            .. seen
                .Folders.Where(folder => !work.Jobs.Contains(new(folder.Job)))
                .Select(folder => folder.Path)
                .Where(path =>
                    !recorded.Any(place => place == path || place.StartsWith($"{path}/", StringComparison.Ordinal))
                ),
        ];

    /// <summary>Null for a database whose name does not end as ours do.</summary>
    private static bool? IsOurs(string database, SiteWork work) =>
        OfUpgrade.Match(database) is { Success: true } upgrade
            ? work.Upgrading.Contains(upgrade.Groups["database"].Value)
        : OfRestore.Match(database) is { Success: true } back
            ? work.Upgrading.Contains(back.Groups["database"].Value)
                || work.Jobs.Any(id => id.Short == back.Groups["job"].Value)
        : OfJob.Match(database) is { Success: true } job ? work.Jobs.Any(id => id.Short == job.Groups["job"].Value)
        : null;

    private static readonly Regex OfUpgrade = new(
        "^(?<database>.+)__(?:next|new|old_[0-9a-f]{8})$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    );

    // Made by a job, and then waiting for the rollout that puts it in the tenant's place.
    private static readonly Regex OfRestore = new(
        "^(?<database>.+)__back_(?<job>[0-9a-f]{8})$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    );

    private static readonly Regex OfJob = new(
        "__(?<job>[0-9a-f]{8})$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    );
}
