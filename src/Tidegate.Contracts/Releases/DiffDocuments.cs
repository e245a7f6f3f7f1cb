namespace Tidegate.Contracts.Releases;

/// <summary>What one release changes against another, as far as files tell.</summary>
/// <param name="Schema"><c>tidegate.diff/1</c>.</param>
/// <param name="Core">Files of Odoo that belong to no module.</param>
/// <param name="Migrations">How many scripts run on the way.</param>
/// <param name="Fields">Fields, models, constraints and indexes.</param>
public sealed record ReleaseDiff(
    string Schema,
    DiffEnd From,
    DiffEnd To,
    IReadOnlyList<ChangedItem> Core,
    IReadOnlyList<DiffModule> Added,
    IReadOnlyList<DiffModule> Removed,
    IReadOnlyList<ChangedModule> Changed,
    int Migrations,
    IReadOnlyList<ChangedField> Fields,
    IReadOnlyList<ChangedPython> Python
)
{
    public const string CurrentSchema = "tidegate.diff/1";

    /// <summary>Nothing differs that is compared.</summary>
    public bool IsEmpty() =>
        Core.Count + Added.Count + Removed.Count + Changed.Count + Fields.Count + Python.Count == 0
        && From.Odoo == To.Odoo;
}

/// <summary>One side.</summary>
/// <param name="Name">A release's name, or the folder that was given.</param>
/// <param name="Digest">Null for a folder.</param>
public sealed record DiffEnd(string Name, string? Digest, string Odoo);

public sealed record DiffModule(string Name, string Version);

/// <summary>Something that is on one side only, or differs.</summary>
/// <param name="Change"><c>added</c>, <c>removed</c>, <c>changed</c>.</param>
public sealed record ChangedItem(string Name, string Change);

/// <summary>A module of both sides that differs.</summary>
/// <param name="Checksum">As in a release's record, on both sides.</param>
/// <param name="Migrations">Scripts that run on the way, in no order.</param>
/// <param name="Files">All of them, also those of the lists below.</param>
/// <param name="Data">Those that an update loads.</param>
/// <param name="Views">By external id; a view counts as changed when its text did.</param>
/// <param name="ManifestKeys">Keys of the manifest whose value differs.</param>
public sealed record ChangedModule(
    string Name,
    FromTo Version,
    FromTo Checksum,
    IReadOnlyList<string> Migrations,
    IReadOnlyList<ChangedItem> Files,
    IReadOnlyList<ChangedItem> Data,
    IReadOnlyList<ChangedItem> Views,
    IReadOnlyList<string> ManifestKeys,
    IReadOnlyList<ChangedItem> Depends
);

public sealed record FromTo(string From, string To);

/// <param name="Field">A field, constraint or index; null when it is the model itself.</param>
/// <param name="What">The rest of a sentence: <c>is new, and has a default</c>.</param>
public sealed record ChangedField(
    string Model,
    string? Field,
    string Change,
    string What,
    string Module,
    string? File,
    int? Line
);

/// <summary>A Python distribution that modules of one side only declare, or of which the builds found other versions.</summary>
/// <param name="From">The version that the build of that side found; null when it is unknown or was not there.</param>
public sealed record ChangedPython(string Distribution, string Change, string? From, string? To);
