using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Modules;

namespace Tidegate.Drivers.Odoo;

/// <summary>Everything that is known of one migration. What is null was not found, and is never taken for good.</summary>
/// <param name="Modules">What had to be updated; empty when the release changes no installed module, and then nothing ran.</param>
/// <param name="Job">How the process ended.</param>
/// <param name="Log">What it said.</param>
/// <param name="ExpectedVersions">What the release's manifests say the modules' versions will be in the database, by module; null for a release without manifest.</param>
/// <param name="ExpectedScripts">Scripts that had to run.</param>
/// <param name="Before">The tenant's catalogue before anything was touched.</param>
/// <param name="After">The copy's catalogue now.</param>
public sealed record MigrationFacts(
    ImmutableArray<string> Modules,
    JobResult? Job,
    MigrationLog? Log,
    ImmutableSortedDictionary<string, string>? ExpectedVersions,
    ImmutableArray<MigrationScript> ExpectedScripts,
    Catalogue? Before,
    Catalogue? After
);
