using Tidegate.ControlPlane.Catalog.Facts;

namespace Tidegate.ControlPlane.Catalog.Gates;

/// <summary>A column that changes its kind keeps its content, and what names it still fits.</summary>
internal static class RetypedFieldGate
{
    private static readonly GateRule Retyped = new(
        "field-retyped",
        Severity.Error,
        "A stored field changes its type, or leads to another model, and no pre-script converts it",
        "Odoo puts the old column aside and begins an empty one, or keeps numbers that now mean other records.",
        "Convert the column in a pre- script of this version, or give the new field another name."
    );

    // Kinds of one family are one column type, or Odoo converts them itself.
    private static readonly string[][] Families =
    [
        ["Char", "Text", "Html", "Selection", "Reference"],
        ["Float", "Monetary", "Integer"],
        ["Many2one", "Many2oneReference"],
        ["Binary", "Image"],
        ["Json", "Properties", "PropertiesDefinition"],
    ];

    public static StaticGate Gate { get; } = new("retyped fields", [Retyped], Judge) { NeedsBefore = true };

    private static IEnumerable<Finding> Judge(GateInput input)
    {
        if (input.ModelsBefore is not { } before)
        {
            return [];
        }

        var retyped = (
            from model in input.Models.Names
            where before.Exists(model) && input.Models.Exists(model)
            from field in input.Models.FieldsOf(model).Values
            let earlier = before.Find(model, field.Name)
            where earlier is not null && field.HasColumn && earlier.HasColumn && Change(earlier, field) is not null
            let declaration = field.Declarations[^1]
            where !PreScripts.Name(input, declaration.Module, field.Name)
            select (model, field, declaration, change: Change(earlier, field))
        ).ToList();
        if (retyped.Count == 0)
        {
            return [];
        }

        var uses = new FieldUses(input.Release, input.Models, input.Ids);
        var named = input
            .Release.Modules.Values.SelectMany(module => uses.Of(module))
            .Where(use => use.IsCertain && use.Place is not "a record")
            .ToLookup(use => (use.Model, use.Field));
        return retyped
            .Select(item =>
            {
                var places = named[(item.model, item.field.Name)].ToList();
                var still = places is [var first, ..]
                    ? $"; {places.Count} places still name it, {first.File}:{first.Line} first"
                    : "";
                return Retyped.In(
                    item.declaration.Module,
                    item.declaration.File,
                    item.declaration.Field.Line,
                    $"{item.field.Name} of {item.model} {item.change}{still}"
                );
            })
            .DistinctBy(finding => (finding.Module, finding.File, finding.Line));
    }

    /// <summary>What changed about the column; null when its content stays what it was.</summary>
    internal static string? Change(FieldView before, FieldView now) =>
        before.Type is null || now.Type is null ? null
        : !IsOneFamily(before.Type, now.Type) ? $"was a {before.Type} and is a {now.Type}"
        : now.Type is "Many2one"
        && before.Comodel is { } from and not "?"
        && now.Comodel is { } to and not "?"
        && from != to
            ? $"led to {from} and leads to {to}"
        : null;

    private static bool IsOneFamily(string left, string right) =>
        left == right
        || Families.Any(family =>
            family.Contains(left, StringComparer.Ordinal) && family.Contains(right, StringComparer.Ordinal)
        )
        // A class of somebody's own may be anything.
        || !Families.Any(family => family.Contains(left, StringComparer.Ordinal)) && !IsPlain(left)
        || !Families.Any(family => family.Contains(right, StringComparer.Ordinal)) && !IsPlain(right);

    private static bool IsPlain(string type) => type is "Boolean" or "Date" or "Datetime";
}
