using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Catalog.Capabilities;

/// <summary>What a release's capability record says of it.</summary>
public abstract record CapabilityVerdict
{
    private CapabilityVerdict() { }

    /// <summary>As its series is known to be. Notes are worth knowing.</summary>
    public sealed record Proven(ImmutableArray<CapabilityFinding> Notes) : CapabilityVerdict;

    /// <summary>Something that rollouts rest on is otherwise.</summary>
    /// <param name="Findings">Those that matter first.</param>
    public sealed record Deviates(ImmutableArray<CapabilityFinding> Findings) : CapabilityVerdict;

    /// <summary>It could not be run to the end; one sentence says why.</summary>
    public sealed record Failed(string Reason) : CapabilityVerdict;

    /// <summary>It has not been run yet.</summary>
    public sealed record None : CapabilityVerdict;

    /// <summary>The stable word for programs.</summary>
    public string Name =>
        this switch
        {
            Proven => "proven",
            Deviates => "deviates",
            Failed => "failed",
            _ => "none",
        };

    /// <summary>Judges what is known of a release.</summary>
    /// <param name="capability">Null when there is neither record nor failure.</param>
    public static CapabilityVerdict Of(Capability? capability) =>
        capability switch
        {
            null => new None(),
            { Record: { } record } => Of(CapabilityComparison.Compare(record)),
            { Failure: { } failure } => new Failed(failure),
            _ => new None(),
        };

    private static CapabilityVerdict Of(ImmutableArray<CapabilityFinding> findings) =>
        findings.Any(finding => finding.Matters)
            ? new Deviates([.. findings.OrderByDescending(finding => finding.Matters)])
            : new Proven(findings);
}
