using System.Text.Json;
using Tidegate.Contracts.Releases;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.ControlPlane.Catalog.Validations;

namespace Tidegate.ControlPlane.Catalog.Releases;

/// <summary>Releases in the form in which they are told.</summary>
public static class ReleaseViews
{
    public static ReleaseView Of(ReleaseRecord release) =>
        new(
            release.Ref.Name,
            release.Ref.Digest.Value,
            release.RegisteredAt,
            release.RegisteredBy,
            release.Notes.DeclaredPriceChanges,
            release.Notes.DeclaredBehaviourChanges,
            release.Notes.DeclaredDrops,
            release.Notes.Summary,
            ReleaseRisk.Word(release.Risk.Level),
            release.Risk.Reason,
            release.Odoo,
            release.Series,
            release.Commit,
            release.Clean,
            release.Validation is { } ended
                ? new(
                    ended.Id.Value,
                    ended.From,
                    ended.At,
                    ended.Counts.Errors,
                    ended.Counts.Warnings,
                    ended.Counts.Infos,
                    ended.Class?.ToString()
                )
                : null,
            release.Block is { } block ? new(block.Reason, block.By, block.At) : null
        );

    /// <param name="report">A <see cref="ValidationReport"/> as JSON.</param>
    public static ReleaseDetails Details(ReleaseRecord release, ReleaseManifest? manifest, byte[]? report) =>
        new(
            Of(release),
            [
                .. (manifest?.Source ?? []).Select(source => new SourceView(
                    source.Role,
                    source.Folder,
                    source.Commit,
                    source.Clean,
                    source.Unknown
                )),
            ],
            manifest?.Python is { } python ? new(python.Version, python.Distributions) : null,
            manifest?.Bundle.Modules.Select(Module).ToList(),
            Report(report)
        );

    public static ValidationReport? Report(byte[]? report) =>
        report is null ? null : JsonSerializer.Deserialize<ValidationReport>(report, CatalogJson.Options);

    public static ValidationView Of(RequestedValidation validation) =>
        new(
            validation.Id.Value,
            validation.Release,
            validation.From,
            JsonNamingPolicy.CamelCase.ConvertName(validation.State.ToString()),
            validation.RequestedAt,
            validation.RequestedBy,
            validation.EndedAt,
            validation.Ended?.Counts.Errors,
            validation.Ended?.Counts.Warnings,
            validation.Ended?.Counts.Infos,
            validation.Ended?.Class?.ToString(),
            validation.Failure
        );

    private static ReleaseModuleView Module(ReleaseModule module) =>
        new(
            module.Name,
            module.Path,
            module.Version,
            module.Depends,
            module.Installable,
            module.Checksum,
            module.Licence,
            module.Migrations,
            module.Python
        );
}
