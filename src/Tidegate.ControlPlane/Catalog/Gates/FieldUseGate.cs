using Tidegate.ControlPlane.Catalog.Facts;

namespace Tidegate.ControlPlane.Catalog.Gates;

/// <summary>Views, rules, filters and data name fields that there are.</summary>
internal static class FieldUseGate
{
    private static readonly GateRule NoField = new(
        "field-unknown",
        Severity.Error,
        "A view, rule, filter or record names a field that its model does not have",
        "The update stops at a view or record; a rule or filter breaks every list that it is applied to.",
        "Correct the name, or take out what names a field that was removed."
    );

    private static readonly GateRule NoModel = new(
        "model-unknown",
        Severity.Error,
        "A view or record of a model that no module of the release makes",
        "The update stops at the record.",
        "Correct the model's name, or import the file that declares it."
    );

    public static StaticGate Gate { get; } = new("fields in use", [NoField, NoModel], Judge);

    private static IEnumerable<Finding> Judge(GateInput input)
    {
        var fields = new FieldUses(input.Release, input.Models, input.Ids);
        return input.Release.Modules.Values.SelectMany(module =>
            fields
                .Of(module)
                .Select(use => Judge(use, module, input))
                .OfType<Finding>()
                .DistinctBy(finding => (finding.File, finding.What))
        );
    }

    private static Finding? Judge(FieldUse use, ModuleView module, GateInput input)
    {
        if (!use.Candidates.Any(model => input.Models.Exists(model)))
        {
            return use.IsCertain && !input.Models.IsOpen(use.Model)
                ? NoModel.In(module, use.File, use.Line, $"no module makes the model {use.Model}")
                : null;
        }

        if (use.Candidates.Any(model => input.Models.IsOpen(model) || input.Models.Find(model, use.Field) is not null))
        {
            return null;
        }

        var model = use.Model;
        var removed = input.ModelsBefore?.Find(model, use.Field) is not null ? ", which the release before had" : "";
        return NoField.In(
            module,
            use.File,
            use.Line,
            $"{use.Place} names {use.Field}, a field that {model} does not have{removed}"
        );
    }
}
