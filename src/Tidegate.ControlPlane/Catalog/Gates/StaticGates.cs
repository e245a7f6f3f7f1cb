using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Catalog.Gates;

/// <summary>Every static gate, and the way to ask them all. The list that <c>docs/gates.md</c> explains.</summary>
public static class StaticGates
{
    public static ImmutableArray<StaticGate> All { get; } =
    [
        SourceGate.Gate,
        ManifestGate.Gate,
        VersionGate.Gate,
        AutoInstallGate.Gate,
        PythonGate.Gate,
        MigrationGate.Gate,
        ReadingGate.Gate,
        ExternalIdGate.Gate,
        FieldUseGate.Gate,
        RequiredFieldGate.Gate,
        RetypedFieldGate.Gate,
        SecretGate.Gate,
        NeutralizeGate.Gate,
        ModificationTimeGate.Gate,
        LicenceGate.Gate,
    ];

    /// <summary>What all gates find: by module, file and line, errors before the rest at one place.</summary>
    public static ImmutableArray<Finding> Judge(GateInput input) =>
        [
            .. All.SelectMany(gate => gate.Judge(input))
                .OrderBy(finding => finding.Module, StringComparer.Ordinal)
                .ThenBy(finding => finding.File, StringComparer.Ordinal)
                .ThenBy(finding => finding.Line)
                .ThenBy(finding => finding.Severity)
                .ThenBy(finding => finding.Code, StringComparer.Ordinal),
        ];
}
