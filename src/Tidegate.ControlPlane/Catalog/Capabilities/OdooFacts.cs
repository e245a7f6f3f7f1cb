using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Catalog.Capabilities;

/// <summary>
/// What a release's Odoo said of itself when it was run (<c>bridge/probe</c>). A part that could not be found out is
/// null, and <see cref="Undetermined"/> says why.
/// </summary>
/// <param name="Undetermined">By part: why there is no answer.</param>
/// <param name="Seconds">By part: how long the question took.</param>
public sealed record OdooFacts(
    OdooIdentity? Identity,
    ImmutableArray<OdooOption>? Options,
    ImmutableArray<OdooSubcommand>? Commands,
    ImmutableArray<SeenAddon>? Addons,
    ImmutableArray<ExternalDependency>? Dependencies,
    FileTimes? Files,
    SessionStoreFacts? Sessions,
    InstallationFacts? Installation,
    LoadingFacts? Loading,
    NeutralisationFacts? Neutralisation,
    ImmutableSortedDictionary<string, string> Undetermined,
    ImmutableSortedDictionary<string, double> Seconds
);

/// <param name="Version"><c>19.0</c>, <c>19.0-20260101</c>.</param>
/// <param name="Python">The interpreter's version.</param>
public sealed record OdooIdentity(string Version, string Series, string Product, string Python);

/// <summary>An option of the server.</summary>
/// <param name="Name">Its key in the configuration file.</param>
/// <param name="Flags">As the help shows them; none for what only the file may say.</param>
/// <param name="Type"><c>int</c>, <c>bool</c>, <c>choice</c>, …; null when the parser gives none.</param>
/// <param name="File">Whether the configuration file may set it.</param>
/// <param name="Value">What it is when nobody sets it, as text.</param>
public sealed record OdooOption(
    string Name,
    ImmutableArray<string> Flags,
    string? Type,
    ImmutableArray<string> Choices,
    bool File,
    string? Value
);

/// <param name="Options">Long flags that its help shows.</param>
/// <param name="Actions">Its own sub-commands: <c>dump</c> of <c>db</c>.</param>
/// <param name="HelpExitCode">What <c>odoo NAME --help</c> ended with.</param>
public sealed record OdooSubcommand(
    string Name,
    ImmutableArray<string> Options,
    ImmutableArray<string> Actions,
    int HelpExitCode
);

/// <summary>A module as Odoo found and read it.</summary>
/// <param name="Path">Its folder below the release's tree; null when Odoo lists it and then does not find it.</param>
/// <param name="Problem">What Odoo stopped at in its manifest, or null.</param>
public sealed record SeenAddon(
    string Name,
    string? Path,
    string? Version,
    bool Installable,
    bool AutoInstall,
    string? Problem
)
{
    /// <summary>The content of that folder, by the release's manifest; null when the manifest has no such folder.</summary>
    public string? Checksum { get; init; }

    /// <summary>How Odoo sees it otherwise than the release's manifest has it, or null.</summary>
    public string? Difference { get; init; }
}

/// <summary>A package or program that manifests ask for.</summary>
/// <param name="Kind"><c>python</c> or <c>bin</c>.</param>
/// <param name="Modules">Those that ask for it.</param>
/// <param name="Problem">Why Odoo does not take it for there, or why importing it failed; null when all is well.</param>
public sealed record ExternalDependency(string Kind, string Name, ImmutableArray<string> Modules, string? Problem);

/// <summary>Modification times of Odoo's files, as Unix seconds.</summary>
/// <param name="InFuture">Files younger than the clock.</param>
public sealed record FileTimes(int Files, long Oldest, long Newest, int InFuture);

/// <param name="Store">Its class, with its module.</param>
/// <param name="Format"><c>json</c> or <c>pickle</c>, by a session that it wrote; null where it writes no file.</param>
public sealed record SessionStoreFacts(string Store, ImmutableArray<string> Methods, string? Format);

/// <summary>How <c>odoo -i base</c> went on an empty database.</summary>
/// <param name="LastLines">The end of its log.</param>
public sealed record InstallationFacts(
    int ExitCode,
    double Seconds,
    ImmutableArray<TellingStatement> Statements,
    string LastLines
);

/// <summary>How a registry is loaded.</summary>
/// <param name="LockTimeout">The lock timeout in force while modules are loaded, <c>15s</c>; null when none is set.</param>
/// <param name="RegistryLock">Whether an advisory lock is taken around it.</param>
/// <param name="FinishesPartialUpdates">Whether a left mark of an update that did not end makes it go on with that.</param>
/// <param name="Installed">Modules that an empty database gets without being asked for.</param>
public sealed record LoadingFacts(
    string? LockTimeout,
    bool RegistryLock,
    bool FinishesPartialUpdates,
    ImmutableArray<TellingStatement> Statements,
    ImmutableArray<string> Installed
);

/// <summary>A statement that Odoo sent to PostgreSQL.</summary>
/// <param name="Effect">The setting that it left, where it set one.</param>
public sealed record TellingStatement(string About, string Statement, string? Effect = null);

/// <summary>How far copies are made harmless.</summary>
/// <param name="Scripts">Modules for which Odoo finds neutralisation statements.</param>
/// <param name="Uncovered">Modules that install themselves, keep credentials and have none.</param>
public sealed record NeutralisationFacts(ImmutableArray<string> Scripts, ImmutableArray<UncoveredModule> Uncovered);

/// <param name="Fields"><c>model.field</c>.</param>
public sealed record UncoveredModule(string Module, ImmutableArray<string> Fields);
