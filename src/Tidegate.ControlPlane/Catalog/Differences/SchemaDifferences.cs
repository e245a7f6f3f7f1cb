using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Gates;

namespace Tidegate.ControlPlane.Catalog.Differences;

/// <summary>How much PostgreSQL has to do for a change.</summary>
public enum SchemaEffect
{
    /// <summary>Nothing: no column changes.</summary>
    None,

    /// <summary>Something new, without touching rows that are there.</summary>
    Adds,

    /// <summary>Rows are written, or what they held is dropped.</summary>
    Rewrites,
}

/// <summary>A model, field, constraint or index that differs.</summary>
/// <param name="Field">Null when it is the model itself.</param>
/// <param name="Change">On which side it is.</param>
/// <param name="What">What about it, as the rest of a sentence: <c>is new, and has a default</c>.</param>
/// <param name="Module">The module that says so.</param>
public sealed record SchemaDifference(
    string Model,
    string? Field,
    Change Change,
    SchemaEffect Effect,
    string What,
    string Module,
    string? File,
    int? Line
);

internal static class SchemaDifferences
{
    public static ImmutableArray<SchemaDifference> Of(GateInput input)
    {
        var (now, before) = (input.Models, input.ModelsBefore!);
        var names = now.Names.Union(before.Names, StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return [.. names.SelectMany(model => OfModel(model, now, before))];
    }

    private static IEnumerable<SchemaDifference> OfModel(string model, ModelCatalogue now, ModelCatalogue before)
    {
        var (isThere, wasThere) = (now.Exists(model), before.Exists(model));
        if (isThere && wasThere)
        {
            return OfFields(model, now, before).Concat(OfRules(model, now, before));
        }

        var hasTable = (isThere ? now : before)
            .Of(model)
            .Any(item => item.Model is { Creates: true, Kind: not "abstract", Auto: true });
        var declaration = (isThere ? now : before).Of(model).FirstOrDefault(item => item.Model.Creates);
        return declaration is null
            ? []
            :
            [
                new(
                    model,
                    null,
                    isThere ? Change.Added : Change.Removed,
                    !hasTable ? SchemaEffect.None
                        : isThere ? SchemaEffect.Adds
                        : SchemaEffect.Rewrites,
                    isThere ? "is a new model" : "is no longer a model",
                    declaration.Module.Name,
                    isThere ? declaration.Model.File : null,
                    isThere ? declaration.Model.Line : null
                ),
            ];
    }

    private static IEnumerable<SchemaDifference> OfFields(string model, ModelCatalogue now, ModelCatalogue before)
    {
        var (fields, earlier) = (now.FieldsOf(model), before.FieldsOf(model));
        var hasTable = now.Of(model).Any(item => item.Model is { Creates: true, Kind: "model", Auto: true });
        foreach (var name in fields.Keys.Union(earlier.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (field, was) = (fields.GetValueOrDefault(name), earlier.GetValueOrDefault(name));
            if (ChangeOf(field, was) is not var (effect, what))
            {
                continue;
            }

            var from = (field ?? was)!.Declarations[^1];
            yield return new(
                model,
                name,
                Changes.Of(was is not null, field is not null),
                hasTable ? effect : SchemaEffect.None,
                what,
                from.Module.Name,
                field is null ? null : from.File,
                field is null ? null : from.Field.Line
            );
        }
    }

    private static (SchemaEffect Effect, string What)? ChangeOf(FieldView? now, FieldView? before) =>
        (now, before) switch
        {
            ({ Declarations.IsEmpty: false }, null) => New(now),
            (null, { Declarations.IsEmpty: false }) => (
                before.HasColumn ? SchemaEffect.Rewrites : SchemaEffect.None,
                "was removed"
            ),
            ({ HasColumn: true, Declarations.IsEmpty: false }, { HasColumn: false }) => New(now),
            ({ HasColumn: false }, { HasColumn: true }) => (SchemaEffect.Rewrites, "is no longer stored"),
            ({ HasColumn: true }, { HasColumn: true }) when RetypedFieldGate.Change(before, now) is { } change => (
                SchemaEffect.Rewrites,
                change
            ),
            ({ IsRequired: true }, { IsRequired: false }) => (SchemaEffect.Adds, "is required now"),
            ({ IsRequired: false }, { IsRequired: true }) => (SchemaEffect.Adds, "is no longer required"),
            ({ } field, { } was) when !field.Declarations.SequenceEqual(was.Declarations, Same.Instance) => (
                SchemaEffect.None,
                "is declared otherwise, with the same column"
            ),
            _ => null,
        };

    private static (SchemaEffect Effect, string What) New(FieldView field) =>
        field switch
        {
            { IsDelegated: true } => (SchemaEffect.None, "is new, in the model that it delegates to"),
            { Type: "Many2many" } => (SchemaEffect.Adds, "is new, with a table of its own"),
            { HasColumn: false } => (SchemaEffect.None, "is new, without a column"),
            { IsComputed: true } => (SchemaEffect.Rewrites, "is new and stored, and is computed for every row"),
            { HasDefault: true } => (SchemaEffect.Rewrites, "is new, and its default is written to every row"),
            _ => (SchemaEffect.Adds, "is new"),
        };

    private static IEnumerable<SchemaDifference> OfRules(string model, ModelCatalogue now, ModelCatalogue before)
    {
        var (rules, earlier) = (Rules(model, now), Rules(model, before));
        foreach (var name in rules.Keys.Union(earlier.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (isThere, wasThere) = (rules.TryGetValue(name, out var rule), earlier.TryGetValue(name, out var was));
            if (rule.Definitions == was.Definitions)
            {
                continue;
            }

            var (declaration, line) = isThere ? (rule.Declaration, rule.Line) : (was.Declaration, was.Line);
            yield return new SchemaDifference(
                model,
                name,
                Changes.Of(wasThere, isThere),
                SchemaEffect.Adds,
                !wasThere ? "is a new constraint or index"
                    : isThere ? "is another constraint or index"
                    : "is no longer a constraint or index",
                declaration.Module.Name,
                isThere ? declaration.Model.File : null,
                isThere ? line : null
            );
        }
    }

    /// <summary>By name, with all definitions of it: several classes of a model may each have one.</summary>
    private static Dictionary<string, (Declaration Declaration, int Line, string Definitions)> Rules(
        string model,
        ModelCatalogue models
    ) =>
        models
            .Of(model)
            .SelectMany(declaration => declaration.Model.Rules.Select(rule => (declaration, rule)))
            .GroupBy(item => item.rule.Name, StringComparer.Ordinal)
            .ToDictionary(
                rule => rule.Key,
                rule =>
                    (
                        rule.First().declaration,
                        rule.First().rule.Line,
                        string.Join('\n', rule.Select(item => item.rule.Definition).Order(StringComparer.Ordinal))
                    ),
                StringComparer.Ordinal
            );

    /// <summary>Declarations that say the same, wherever they stand in a file.</summary>
    private sealed class Same : IEqualityComparer<FieldDeclaration>
    {
        public static readonly Same Instance = new();

        public bool Equals(FieldDeclaration? left, FieldDeclaration? right) =>
            left!.Module.Name == right!.Module.Name
            && left.Model == right.Model
            // Modules that did not change have the same facts in both releases.
            && (ReferenceEquals(left.Field, right.Field) || SayTheSame(left.Field, right.Field));

        public int GetHashCode(FieldDeclaration declaration) =>
            declaration.Field.Name.GetHashCode(StringComparison.Ordinal);

        private static bool SayTheSame(FieldFact left, FieldFact right) =>
            left with { Line = 0, Selection = default } == right with { Line = 0, Selection = default }
            && Choices(left).SequenceEqual(Choices(right), StringComparer.Ordinal);

        private static ImmutableArray<string> Choices(FieldFact field) =>
            field.Selection.IsDefault ? [] : field.Selection;
    }
}
