using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Catalog.Capabilities;

/// <summary>Whether a release was run once and behaves as its series is known to. Not having been run is not passing.</summary>
public static class CapabilityGate
{
    public const string Name = "capability";

    private const string Makers = "whoever makes the release";

    public static GateAnswer Ask(ReleaseRef release, Capability? capability) =>
        CapabilityVerdict.Of(capability) switch
        {
            CapabilityVerdict.Proven => GateAnswer.Pass(Name),
            CapabilityVerdict.Deviates deviates => GateAnswer.Fail(Name, Reasons(release, deviates.Findings)),
            CapabilityVerdict.Failed failed => new(
                Name,
                GateVerdict.Error,
                [
                    new(
                        "capability-failed",
                        $"{release.Name} could not be run in a sandbox: {failed.Reason}",
                        Clearing.Operator,
                        $"mend that, then tidegate release probe {release.Name}"
                    ),
                ]
            ),
            _ => GateAnswer.Inconclusive(Name, Unknown(release, capability)),
        };

    private static GateReason Unknown(ReleaseRef release, Capability? capability) =>
        capability is { IsWanted: true }
            ? new(
                "capability-unknown",
                $"{release.Name} is being run in a sandbox; its capability record is not there yet.",
                Clearing.Nobody,
                $"wait; tidegate release capability {release.Name} shows it"
            )
            : new(
                "capability-unknown",
                $"{release.Name} was never run in a sandbox: there is no capability record of it.",
                Clearing.Operator,
                $"tidegate release probe {release.Name}"
            );

    private static ImmutableArray<GateReason> Reasons(ReleaseRef release, ImmutableArray<CapabilityFinding> findings) =>
        [
            .. findings
                .Where(finding => finding.Matters)
                .Select(finding => new GateReason(
                    finding.Code,
                    finding.Sentence,
                    Makers,
                    $"mend the release and build it under a new name; tidegate release capability {release.Name} shows all of it"
                )),
        ];
}
