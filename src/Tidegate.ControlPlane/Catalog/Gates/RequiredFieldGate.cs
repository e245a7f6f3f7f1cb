using Tidegate.ControlPlane.Catalog.Facts;

namespace Tidegate.ControlPlane.Catalog.Gates;

/// <summary>A column that must not be empty gets values on the rows that are there already.</summary>
internal static class RequiredFieldGate
{
    private static readonly GateRule Unfilled = new(
        "required-field-unfilled",
        Severity.Error,
        "A stored field of a model with rows becomes required, and nothing fills it first",
        "PostgreSQL refuses NOT NULL, Odoo only logs it and ends with exit code 0; every later save of an old record fails.",
        "Give the field a default, or fill the column in a pre- script of this version."
    );

    public static StaticGate Gate { get; } = new("required fields", [Unfilled], Judge) { NeedsBefore = true };

    private static IEnumerable<Finding> Judge(GateInput input) =>
        input.ModelsBefore is not { } before
            ? []
            : input
                .Models.Names.Where(model => HasRows(model, input.Models) && HasRows(model, before))
                .SelectMany(model =>
                    input
                        .Models.FieldsOf(model)
                        .Values.Where(field => Demands(field) && !Demanded(before.Find(model, field.Name)))
                        .Select(field => Judge(model, field, before, input))
                )
                .OfType<Finding>()
                .DistinctBy(finding => (finding.Module, finding.File, finding.Line));

    private static bool HasRows(string model, ModelCatalogue models) =>
        models.Exists(model)
        && models
            .Of(model)
            .All(declaration => declaration.Model is { Auto: true, Kind: "model" } or { Creates: false });

    private static bool Demands(FieldView field) =>
        field is { IsRequired: true, HasColumn: true, HasDefault: false, IsComputed: false };

    private static bool Demanded(FieldView? field) => field is { IsRequired: true, HasColumn: true };

    private static Finding? Judge(string model, FieldView field, ModelCatalogue before, GateInput input)
    {
        var declaration = field.Declarations.Last(declaration => declaration.Field.Required is true);
        if (PreScripts.Name(input, declaration.Module, field.Name))
        {
            return null;
        }

        var was = before.Find(model, field.Name) is null ? "is new" : "was not required";
        return Unfilled.In(
            declaration.Module,
            declaration.File,
            declaration.Field.Line,
            $"{field.Name} of {model} {was}, and is required without a default"
        );
    }
}
