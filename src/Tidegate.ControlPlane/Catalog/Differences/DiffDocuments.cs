using System.Collections.Immutable;
using Tidegate.Contracts.Releases;
using Tidegate.ControlPlane.Catalog.Facts;

namespace Tidegate.ControlPlane.Catalog.Differences;

/// <summary>A difference in the form in which it is told.</summary>
internal static class DiffDocuments
{
    /// <param name="checksum">A module's checksum as a release records it.</param>
    public static ReleaseDiff Of(
        (ComparedRelease Release, ReleaseFacts Facts) from,
        (ComparedRelease Release, ReleaseFacts Facts) to,
        ReleaseDifference difference,
        Func<ModuleView, string> checksum
    ) =>
        new(
            ReleaseDiff.CurrentSchema,
            End(from.Release, from.Facts),
            End(to.Release, to.Facts),
            Items(difference.CoreFiles),
            [.. difference.Added.Select(name => Module(to.Facts, name))],
            [.. difference.Removed.Select(name => Module(from.Facts, name))],
            [
                .. difference.Changed.Select(module =>
                    Module(
                        module,
                        checksum(from.Facts.Modules[module.Module]),
                        checksum(to.Facts.Modules[module.Module])
                    )
                ),
            ],
            difference.Changed.Sum(module => module.Migrations.Length),
            [.. difference.Fields.Select(Field)],
            Python(difference.Python, from.Release.Built?.Python, to.Release.Built?.Python)
        );

    private static DiffEnd End(ComparedRelease release, ReleaseFacts facts) =>
        new(release.Name, release.Built?.Digest.Value, facts.Core.Version);

    private static DiffModule Module(ReleaseFacts facts, string name) => new(name, facts.Modules[name].Module.Version);

    private static ChangedModule Module(ModuleDifference module, string from, string to) =>
        new(
            module.Module,
            new(module.From, module.To),
            new(from, to),
            module.Migrations,
            Items(module.Files),
            Items(module.Data),
            Items(module.Views),
            module.ManifestKeys,
            Items(module.Depends)
        );

    private static ChangedField Field(SchemaDifference field) =>
        new(field.Model, field.Field, Word(field.Change), field.What, field.Module, field.File, field.Line);

    /// <summary>What is declared on one side only, and what both builds found in other versions.</summary>
    private static ImmutableArray<ChangedPython> Python(
        ImmutableArray<ItemChange> declared,
        PythonEnvironment? from,
        PythonEnvironment? to
    )
    {
        var moved =
            from is null || to is null
                ? []
                : Changes.Between(Versions(from), Versions(to)).Where(item => item.Change is Change.Changed);
        return
        [
            .. declared
                .Concat(moved)
                .OrderBy(item => item.Name, StringComparer.Ordinal)
                .Select(item => new ChangedPython(
                    item.Name,
                    Word(item.Change),
                    from?.Distributions.GetValueOrDefault(item.Name),
                    to?.Distributions.GetValueOrDefault(item.Name)
                )),
        ];
    }

    private static IEnumerable<(string Name, string Content)> Versions(PythonEnvironment python) =>
        python.Distributions.Select(item => (item.Key, item.Value ?? ""));

    private static IReadOnlyList<ChangedItem> Items(ImmutableArray<ItemChange> items) =>
        [.. items.Select(item => new ChangedItem(item.Name, Word(item.Change)))];

    private static string Word(Change change) =>
        change switch
        {
            Change.Added => "added",
            Change.Removed => "removed",
            Change.Changed => "changed",
        };
}
