using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Gates;

namespace Tidegate.ControlPlane.Catalog.Differences;

/// <summary>What one release changes against another, as far as files tell.</summary>
/// <param name="FromSeries">The series of the release before.</param>
/// <param name="CoreFiles">Files of Odoo that belong to no module.</param>
/// <param name="Added">Modules that only the new release has, by name.</param>
/// <param name="Removed">Modules that only the old one has.</param>
/// <param name="Changed">Modules of both whose files differ.</param>
/// <param name="Fields">Fields, models, constraints and indexes, by model and name.</param>
/// <param name="Python">Distributions that modules declare.</param>
public sealed record ReleaseDifference(
    string FromSeries,
    string ToSeries,
    ImmutableArray<ItemChange> CoreFiles,
    ImmutableArray<string> Added,
    ImmutableArray<string> Removed,
    ImmutableArray<ModuleDifference> Changed,
    ImmutableArray<SchemaDifference> Fields,
    ImmutableArray<ItemChange> Python
)
{
    /// <exception cref="ArgumentException">There is no release before.</exception>
    public static ReleaseDifference Of(GateInput input)
    {
        var (now, before) = (
            input.Release,
            input.Before ?? throw new ArgumentException("two releases are compared", nameof(input))
        );
        return new(
            before.Core.Series,
            now.Core.Series,
            Changes.Between(
                before.CoreFiles.Select(file => (file.Path, file.Hash)),
                now.CoreFiles.Select(file => (file.Path, file.Hash))
            ),
            [.. now.Modules.Keys.Where(name => !before.Modules.ContainsKey(name))],
            [.. before.Modules.Keys.Where(name => !now.Modules.ContainsKey(name))],
            [
                .. now
                    .Modules.Values.Where(module => before.Modules.ContainsKey(module.Name))
                    .Select(module => ModuleDifference.Of(module, before.Modules[module.Name], input))
                    .Where(difference => !difference.Files.IsEmpty),
            ],
            SchemaDifferences.Of(input),
            Changes.Between(PythonOf(before), PythonOf(now))
        );
    }

    private static IEnumerable<(string Name, string Content)> PythonOf(ReleaseFacts release) =>
        release
            .Modules.Values.SelectMany(module => PythonNeeds.Declared(module))
            .Select(text => text.Value)
            .Distinct(StringComparer.Ordinal)
            .Select(text => (text, ""));
}
