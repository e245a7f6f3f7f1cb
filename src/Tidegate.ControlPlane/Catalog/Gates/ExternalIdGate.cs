using Tidegate.ControlPlane.Catalog.Facts;

namespace Tidegate.ControlPlane.Catalog.Gates;

/// <summary>Every external id that a data file refers to is defined, and by a module that is there first.</summary>
internal static class ExternalIdGate
{
    private static readonly GateRule Unknown = new(
        "external-id-unknown",
        Severity.Error,
        "A reference to an external id that no module of the release defines",
        "The update stops with \"External ID not found\".",
        "Correct the id, or define it."
    );

    private static readonly GateRule Undeclared = new(
        "external-id-undeclared",
        Severity.Error,
        "A reference to an external id of a module that is not among the dependencies",
        "It is found only where the other module happens to be installed first; elsewhere the update stops.",
        "Add the other module to depends."
    );

    public static StaticGate Gate { get; } = new("external ids", [Unknown, Undeclared], Judge);

    private static IEnumerable<Finding> Judge(GateInput input) =>
        input.Release.Modules.Values.SelectMany(module => JudgeModule(module, input));

    private static IEnumerable<Finding> JudgeModule(ModuleView module, GateInput input)
    {
        var closure = input.Closures.Of(module.Name);
        foreach (var reference in module.Facts.References)
        {
            var id = ExternalIds.Full(module.Name, reference.Id);
            var owner = id[..id.IndexOf('.', StringComparison.Ordinal)];
            Severity? weight = reference.Kind is "group" ? Severity.Warning : null;
            if (!input.Ids.Has(id))
            {
                yield return Unknown.In(module, reference.File, reference.Line, $"no module defines {id}", weight);
            }
            else if (!closure.Contains(owner) && input.Release.Modules.ContainsKey(owner))
            {
                var comesAlong = input.Closures.WithAutoInstalled(module.Name).Contains(owner);
                yield return Undeclared.In(
                    module,
                    reference.File,
                    reference.Line,
                    $"it refers to {id}, and {module.Name} does not depend on {owner}{(comesAlong ? ", which only auto_install brings along" : "")}",
                    comesAlong ? Severity.Warning : weight
                );
            }
        }
    }
}
