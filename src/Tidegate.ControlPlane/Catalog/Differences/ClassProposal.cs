using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Gates;
using Tidegate.ControlPlane.Catalog.Modules;

namespace Tidegate.ControlPlane.Catalog.Differences;

/// <summary>What a release does to a database; it decides which strategies are legal.</summary>
public enum ReleaseClass
{
    /// <summary>Code only.</summary>
    A,

    /// <summary>Views and data.</summary>
    B,

    /// <summary>Additive DDL.</summary>
    C,

    /// <summary>Rewriting DDL, or a data migration.</summary>
    D,

    /// <summary>Another series of Odoo.</summary>
    E,
}

/// <summary>One reason for a class.</summary>
/// <param name="File">Below the module's folder; null for the module as a whole.</param>
public sealed record ClassEvidence(
    ReleaseClass Class,
    string What,
    string? Module,
    string? File = null,
    int? Line = null
);

/// <summary>The class that the files speak for. Proven only by a rehearsal.</summary>
/// <param name="Evidence">The strongest first; empty when the two releases hold the same.</param>
public sealed record ClassProposal(ReleaseClass Class, ImmutableArray<ClassEvidence> Evidence)
{
    public static ClassProposal Of(GateInput input, ReleaseDifference difference)
    {
        var evidence = Series(difference)
            .Concat(Core(difference))
            .Concat(difference.Changed.SelectMany(OfModule))
            .Concat(difference.Fields.Where(field => field.Effect is not SchemaEffect.None).Select(OfField))
            .Concat(Arrivals(input, difference))
            .OrderByDescending(reason => reason.Class)
            .ThenBy(reason => reason.Module, StringComparer.Ordinal)
            .ThenBy(reason => reason.File, StringComparer.Ordinal)
            .ThenBy(reason => reason.Line)
            .ToImmutableArray();
        return new(evidence is [var strongest, ..] ? strongest.Class : ReleaseClass.A, evidence);
    }

    private static IEnumerable<ClassEvidence> Series(ReleaseDifference difference) =>
        difference.FromSeries == difference.ToSeries
            ? []
            : [new(ReleaseClass.E, $"Odoo goes from {difference.FromSeries} to {difference.ToSeries}", null)];

    private static IEnumerable<ClassEvidence> Core(ReleaseDifference difference) =>
        difference.CoreFiles.IsEmpty
            ? []
            :
            [
                new(
                    ReleaseClass.A,
                    $"{Count(difference.CoreFiles.Length)} of Odoo outside of its modules changed",
                    null,
                    difference.CoreFiles[0].Name
                ),
            ];

    private static IEnumerable<ClassEvidence> OfModule(ModuleDifference module)
    {
        foreach (var script in module.Migrations)
        {
            yield return new(
                ReleaseClass.D,
                $"a migration script runs, from {module.From} to {module.To}",
                module.Module,
                script
            );
        }

        foreach (var file in module.Data)
        {
            yield return new(ReleaseClass.B, "what an update loads changed", module.Module, file.Name);
        }

        if (!module.ManifestKeys.IsEmpty)
        {
            yield return new(
                ReleaseClass.B,
                $"the manifest changed: {string.Join(", ", module.ManifestKeys)}",
                module.Module,
                ModuleManifest.FileName
            );
        }

        var code = module
            .Files.Except(module.Data)
            .Select(file => file.Name)
            .Where(file => file is not ModuleManifest.FileName)
            .ToList();
        if (code.Count > 0)
        {
            yield return new(
                ReleaseClass.A,
                $"{Count(code.Count)} of code or static content changed",
                module.Module,
                code[0]
            );
        }
    }

    private static string Count(int files) => files == 1 ? "a file" : $"{files} files";

    private static ClassEvidence OfField(SchemaDifference field) =>
        new(
            field.Effect is SchemaEffect.Rewrites ? ReleaseClass.D : ReleaseClass.C,
            $"{(field.Field is { } name ? $"{name} of " : "")}{field.Model} {field.What}",
            field.Module,
            field.File,
            field.Line
        );

    /// <summary>New modules that an update installs: for a dependency, or by themselves.</summary>
    private static IEnumerable<ClassEvidence> Arrivals(GateInput input, ReleaseDifference difference)
    {
        var needed = difference
            .Changed.SelectMany(module => input.Closures.Of(module.Module))
            .ToHashSet(StringComparer.Ordinal);
        return difference
            .Added.Select(name => input.Release.Modules[name])
            .Where(module => module.Module.AutoInstall is not null || needed.Contains(module.Name))
            .Select(module => new ClassEvidence(
                ReleaseClass.C,
                "the module is new, and an update installs it",
                module.Name
            ));
    }
}
