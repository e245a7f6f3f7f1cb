namespace Tidegate.Contracts.Releases;

/// <summary>
/// Makes a built bundle known as a release. What is in it the control plane reads in its own store; what is left out
/// here is taken from the build of that name. The same name with other content, notes or risk is refused.
/// </summary>
/// <param name="DeclaredPriceChanges">Product references whose price this release changes on purpose; <c>*</c> for any.</param>
/// <param name="DeclaredBehaviourChanges">What else behaves otherwise on purpose, a sentence each.</param>
/// <param name="Summary">One line for people.</param>
/// <param name="Risk"><c>low</c>, <c>normal</c>, <c>high</c>.</param>
/// <param name="RiskReason">Why; needed unless the risk is normal.</param>
/// <param name="Commit">The commit that the addons were built of: refused when the build says another.</param>
/// <param name="DeclaredDrops">Tables and columns (<c>table.column</c>) that go on purpose, with what is in them.</param>
public sealed record RegisterRelease(
    string Name,
    string Digest,
    IReadOnlyList<string>? DeclaredPriceChanges = null,
    IReadOnlyList<string>? DeclaredBehaviourChanges = null,
    string? Summary = null,
    string? Risk = null,
    string? RiskReason = null,
    string? Commit = null,
    IReadOnlyList<string>? DeclaredDrops = null
);

/// <summary>A registered release.</summary>
/// <param name="Odoo">The core's version; null for one that was registered before it was recorded.</param>
/// <param name="Commit">What its addons were built of; null when that is unknown.</param>
/// <param name="Clean">Whether core and addons held their commits' files and no others; null when that is unknown.</param>
/// <param name="Validation">The latest that ended; null when there is none.</param>
/// <param name="Block">Null while rollouts may take it.</param>
public sealed record ReleaseView(
    string Name,
    string Digest,
    DateTimeOffset RegisteredAt,
    string RegisteredBy,
    IReadOnlyList<string> DeclaredPriceChanges,
    IReadOnlyList<string> DeclaredBehaviourChanges,
    IReadOnlyList<string> DeclaredDrops,
    string Summary,
    string Risk,
    string RiskReason,
    string? Odoo,
    string? Series,
    string? Commit,
    bool? Clean,
    EndedValidation? Validation,
    ReleaseBlockView? Block
);

/// <summary>What judging a release by its files came to.</summary>
/// <param name="From">The release that it was compared with; null when it was judged alone, and then <paramref name="Class"/> is null too.</param>
/// <param name="Class">The proposed class, <c>A</c> to <c>E</c>.</param>
public sealed record EndedValidation(
    string Id,
    string? From,
    DateTimeOffset At,
    int Errors,
    int Warnings,
    int Infos,
    string? Class
);

/// <summary>Why no rollout may take a release.</summary>
public sealed record ReleaseBlockView(string Reason, string By, DateTimeOffset At);

/// <summary>Blocks a release, or lifts the block.</summary>
/// <param name="Reason">One line; kept in the ledger and told to whoever wants to roll the release out.</param>
public sealed record ChangeReleaseBlock(string Reason);

/// <summary>Everything that is recorded of a release.</summary>
/// <param name="Source">The core first; empty when it was not recorded.</param>
/// <param name="Modules">By name; null when the release was registered before they were kept.</param>
/// <param name="Report">The latest validation that ended.</param>
public sealed record ReleaseDetails(
    ReleaseView Release,
    IReadOnlyList<SourceView> Source,
    PythonView? Python,
    IReadOnlyList<ReleaseModuleView>? Modules,
    ValidationReport? Report
);

/// <summary>A folder that a release was built of.</summary>
/// <param name="Role"><c>core</c> or <c>addons</c>.</param>
/// <param name="Unknown">Why commit or cleanness are unknown; null when neither is.</param>
public sealed record SourceView(string Role, string Folder, string? Commit, bool? Clean, string? Unknown);

/// <summary>The interpreter of the build.</summary>
/// <param name="Distributions">What modules declare, and the version that the build found; null for what it did not.</param>
public sealed record PythonView(string Version, IReadOnlyDictionary<string, string?> Distributions);

/// <summary>A module of a release.</summary>
/// <param name="Path">Its folder below the release's tree; an addon's begins with <c>addons/</c>.</param>
/// <param name="Licence">Null when the manifest names none, or the bundle's schema did not record it.</param>
/// <param name="Migrations">Migration scripts below its folder; null when the bundle's schema did not record them.</param>
/// <param name="Python">Distributions that it declares; null as above.</param>
public sealed record ReleaseModuleView(
    string Name,
    string Path,
    string Version,
    IReadOnlyList<string> Depends,
    bool Installable,
    string Checksum,
    string? Licence,
    IReadOnlyList<string>? Migrations,
    IReadOnlyList<string>? Python
);
