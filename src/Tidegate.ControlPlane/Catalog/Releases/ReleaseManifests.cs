namespace Tidegate.ControlPlane.Catalog.Releases;

/// <summary>What is kept of a registration: of what was asked for, the bundle, and the build of that name.</summary>
internal static class ReleaseManifests
{
    /// <param name="built">Null when nothing was built under that name: then source and Python are unknown.</param>
    public static ReleaseManifest Of(ReleaseRegistration wanted, BundleManifest bundle, ReleaseManifest? built)
    {
        var notes = built?.Notes ?? ReleaseNotes.None;
        return new(
            ReleaseManifest.CurrentSchema,
            wanted.Name,
            new ReleaseNotes(wanted.DeclaredPriceChanges ?? notes.DeclaredPriceChanges, wanted.Summary ?? notes.Summary)
            {
                DeclaredBehaviourChanges = wanted.DeclaredBehaviourChanges ?? notes.DeclaredBehaviourChanges,
                DeclaredDrops = wanted.DeclaredDrops ?? notes.DeclaredDrops,
            },
            bundle
        )
        {
            Risk = wanted.Risk ?? built?.Risk ?? ReleaseRisk.Normal,
            Source = built?.Source ?? [],
            Python = built?.Python,
        };
    }

    /// <param name="kept">The manifest's hash.</param>
    /// <param name="commit">What the registration says of the addons' commit.</param>
    public static ReleaseRecord Record(
        ReleaseManifest manifest,
        string kept,
        string? commit,
        string actor,
        DateTimeOffset now
    ) =>
        new(manifest.Ref, manifest.Notes, manifest.Risk, now, actor)
        {
            Odoo = manifest.Bundle.Odoo.Version,
            Series = manifest.Bundle.Odoo.Series,
            Commit = commit ?? manifest.Source.FirstOrDefault(source => source.Role is "addons")?.Commit,
            Clean =
                manifest.Source.Any(source => source.Clean is false) ? false
                : manifest.Source.IsEmpty || manifest.Source.Any(source => source.Clean is null) ? null
                : true,
            Manifest = kept,
        };

    /// <summary>Null when the two say the same about what is fixed with a name; otherwise one sentence.</summary>
    /// <param name="there">Registered already, under the name or the digest of <paramref name="wanted"/>.</param>
    public static string? Difference(ReleaseRecord there, ReleaseRecord wanted)
    {
        var what =
            there.Ref != wanted.Ref ? $"is {there.Ref.Digest}"
            : !there.Notes.Equals(wanted.Notes) ? "is registered with other notes"
            : there.Risk != wanted.Risk ? "is registered with another risk"
            : wanted.Commit is not null && there.Commit != wanted.Commit
                ? $"is registered as commit {there.Commit ?? "unknown"}"
            : null;
        return what is null
            ? null
            : $"release {there.Ref.Name} {what}, and releases are immutable; give the new content a new name.";
    }
}
