using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Catalog.Modules;

/// <summary>One Odoo module of a release, as Odoo would read its manifest.</summary>
/// <param name="Path">Its folder below the release's tree.</param>
/// <param name="Version">As Odoo records it: with the series in front, <c>19.0.1.2</c>.</param>
/// <param name="Depends">As declared; <c>base</c> when nothing is (Odoo adds it).</param>
/// <param name="AutoInstall">
/// Null: only on demand. Otherwise the dependencies that pull it in once all of them are installed; none of them needed when empty.
/// </param>
/// <param name="Checksum">Its content by <see cref="ChecksumRule.ClickOdoo"/> with every language.</param>
/// <param name="Licence">The manifest's word; null when it has none.</param>
/// <param name="Migrations">Migration scripts, below the module's folder, sorted; null in a bundle of schema 1, which did not record them.</param>
/// <param name="Python">Distributions that <c>external_dependencies</c> names, as written; null in a bundle of schema 1.</param>
public sealed record ReleaseModule(
    string Name,
    string Path,
    string Version,
    ImmutableArray<string> Depends,
    ImmutableArray<string>? AutoInstall,
    bool Installable,
    string Checksum,
    string? Licence = null,
    ImmutableArray<string>? Migrations = null,
    ImmutableArray<string>? Python = null
);
