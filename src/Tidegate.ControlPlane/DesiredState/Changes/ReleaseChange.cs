using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.ControlPlane.DesiredState.Reading;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.DesiredState.Yaml;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.DesiredState.Changes;

/// <summary>What asking for a release in an environment changes in a fleet's files.</summary>
public abstract record ReleaseChange
{
    private ReleaseChange() { }

    /// <param name="From">What it asked for before; null for nothing.</param>
    /// <param name="Files">The environment's file, and the release's where the fleet has none.</param>
    public sealed record Planned(ReleaseName? From, ImmutableArray<ChangedFile> Files) : ReleaseChange;

    /// <summary>It asks for that release already.</summary>
    public sealed record Asked : ReleaseChange;

    /// <summary>The fleet has no such environment.</summary>
    public sealed record UnknownEnvironment : ReleaseChange;

    /// <summary>The fleet cannot be changed so.</summary>
    /// <param name="Next">What to do about it.</param>
    public sealed record Refused(string What, string Next) : ReleaseChange;

    /// <summary>Null when a release may have this name; otherwise one sentence.</summary>
    public static string? NameRefusal(string release) => ReleaseNameRules.Release(release)?.Sentence;

    /// <summary>Plans the change, and reads the fleet as it would be: what comes of it is a fleet that may be followed, or nothing.</summary>
    /// <param name="before">The files, and what they say.</param>
    /// <param name="release">As the catalogue has it.</param>
    /// <exception cref="IOException">The fleet cannot be read.</exception>
    public static ReleaseChange Plan(
        (IFleetFiles Files, DesiredFleet Fleet) before,
        EnvironmentName name,
        DesiredRelease release,
        CancellationToken cancellationToken
    )
    {
        var (files, fleet) = before;
        if (fleet.Environments.Find(name) is not { } environment)
        {
            return new UnknownEnvironment();
        }

        if (fleet.Releases.Find(release.Name) is { } known && known.Digest != release.Digest)
        {
            return new Refused(
                $"releases/{release.Name}.yaml says {known.Digest}, and the catalogue has {release.Name} as {release.Digest}.",
                "a release's content never changes: give the new content a new name, or correct the file."
            );
        }

        if (environment.Release == release.Name)
        {
            return new Asked();
        }

        var path = $"{Folders.Environments.Name}/{name}{FleetLayout.Extension}";
        var old = files.Read(files.List().First(file => file.Path == path));
        if (ReleaseLine.Change(old.Span, environment, release.Name) is not { } changed)
        {
            return new Refused(
                $"the release in {path} is written in a way that cannot be changed without touching more.",
                $"write \"release: {release.Name}\" there by hand."
            );
        }

        ImmutableArray<ChangedFile> changes =
        [
            new(path, old, changed),
            .. fleet.Releases.Find(release.Name) is null ? [FileOf(release)] : ImmutableArray<ChangedFile>.Empty,
        ];
        return
            FleetReader.Read(new ChangedFiles(files, changes), cache: null, cancellationToken)
                is FleetReading.Broken broken
            ? new Refused(
                $"the fleet would be broken with it: {broken.Problems[0]}",
                "correct that first, or write the change by hand."
            )
            : new Planned(environment.Release, changes);
    }

    /// <summary>What differs from the defaults, as a person would write it.</summary>
    private static ChangedFile FileOf(DesiredRelease release)
    {
        var json = ObjectText.Json(ReleaseSchema.Schema, release);
        var notes = (JsonObject)json["notes"]!;
        foreach (
            var empty in notes.Where(note => note.Value is JsonArray { Count: 0 }).Select(note => note.Key).ToList()
        )
        {
            notes.Remove(empty);
        }

        if (notes.Count == 0)
        {
            json.Remove("notes");
        }

        if (release.Risk is ReleaseRisk.Normal)
        {
            json.Remove("risk");
        }

        return new ChangedFile(
            $"{Folders.Releases.Name}/{release.Name}{FleetLayout.Extension}",
            null,
            Encoding.UTF8.GetBytes(YamlText.Of(json))
        );
    }
}
