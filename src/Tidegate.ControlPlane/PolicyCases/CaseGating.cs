using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Emergencies;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion.Facts;
using Tidegate.ControlPlane.Promotion.Gates;
using Tidegate.ControlPlane.Protection;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.PolicyCases;

/// <summary>Asks the gates of a case: those between planned work and a rollout, and those of every start.</summary>
internal static class CaseGating
{
    private static readonly ReleaseRef Other = new(
        "another-release",
        ReleaseDigest.Create($"sha256:{new string('d', 64)}")
    );

    /// <summary>What keeps it, in the order in which people read it.</summary>
    public static IEnumerable<CaseHolder> Ask(CaseStart start) =>
        start.Refused is { What: var what }
            ? [new("emergency", what, start.Terms.Places.GetValueOrDefault("emergency"))]
        : start.Emergency is { } emergency ? Holders(WorkGates.LeftOf(OfEveryStart(start), emergency.Overrides))
        : Holders([.. OfPlannedWork(start), .. OfApproval(start), .. OfReview(start)]);

    private static IEnumerable<CaseHolder> Holders(IEnumerable<GateAnswer> answers) =>
        answers
            .Where(answer => answer.Verdict is not GateVerdict.Pass)
            .SelectMany(answer =>
                answer.Reasons.Select(reason => new CaseHolder(answer.Gate, reason.What, reason.Rule))
            );

    private static IEnumerable<GateAnswer> OfPlannedWork(CaseStart start) =>
        PromotionGates
            .Ask(Facts(start), gate => Given(start, gate), start.Now)
            .Where(gate => !gate.LetsThrough)
            .Select(gate => gate.Answer);

    /// <summary>A person's start past git is asked these alone.</summary>
    private static IEnumerable<GateAnswer> OfEveryStart(CaseStart start) =>
        [
            .. OfApproval(start),
            .. ProtectionWorkGates.Asked(start.Terms.Policy).Select(gate => Given(start, gate).At(start.Terms)),
        ];

    private static IEnumerable<GateAnswer> OfApproval(CaseStart start) =>
        start.Approval is { } approval ? [approval.Answer.At(start.Terms)] : [];

    private static IEnumerable<GateAnswer> OfReview(CaseStart start) =>
        start.Case.Given.ReviewOpen && ReviewedGate.Ask([OpenReview(start)]) is { } answer ? [answer] : [];

    private static GateAnswer Given(CaseStart start, string gate) =>
        start.Case.Given.Gates.Of(gate) switch
        {
            GateVerdict.Pass => GateAnswer.Pass(gate),
            var verdict => new(
                gate,
                verdict,
                [
                    new(
                        $"{gate}-given",
                        $"the case gives {GateDocuments.Word(verdict)} for the gate {gate}.",
                        Clearing.Operator,
                        "change the case"
                    ),
                ]
            ),
        };

    private static PromotionFacts Facts(CaseStart start)
    {
        var (one, release) = (start.Case, new ReleaseRef(start.Release.Name.Value, start.Release.Digest));
        return new(
            new(
                one.Environment,
                release,
                one.Kind is Calendars.StartKind.Manual ? new("a person", start.Now, Reason: null, Older: false) : null
            ),
            start.Terms,
            new ReleaseRecord(release, Catalog.ReleaseNotes.None, Catalog.ReleaseRisk.Normal, start.Now, "the case"),
            Validation: null,
            Capability: null,
            EnvironmentState.Empty with
            {
                Tenants = start.Tenants.Length,
            },
            [.. start.Terms.Upstream.Select(upstream => Upstream(start, upstream))],
            Hold: null,
            one.Given.Running ? new(CaseStart.Rollout, Other) : null
        );
    }

    private static UpstreamState Upstream(CaseStart start, EnvironmentName environment)
    {
        var given = start.Case.Given;
        var example = start.Fleet.Tenants.FirstOrDefault(tenant =>
            start.Fleet.EnvironmentOf(tenant).Name == environment
        );
        return new(
            environment,
            Tenants: example is null ? 0 : 1,
            Elsewhere: given.Unverified ? 1 : 0,
            given.Unverified && example is not null ? new(example.Name, Other.Name) : null,
            Proven: 1,
            Unhealthy: 0,
            UnhealthyExample: null,
            Unreadable: null,
            ChangedBy: null,
            given.Unverified ? null : start.Now - (given.Soaked ?? start.Terms.Soak)
        );
    }

    private static Emergency OpenReview(CaseStart start) =>
        new(
            new EmergencyId("e-before"),
            start.Case.Environment,
            Other,
            CaseStart.Rollout,
            "somebody",
            "as the case says",
            Overrides: [],
            start.Now,
            start.Now,
            SecondUntil: null,
            IsRunning: false
        );
}
