using System.Collections.Immutable;
using NodaTime;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Approvals;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Following;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.PolicyCases;

/// <summary>A case as the values that gates, calendars and limits are asked with: made as they are made of a commit and of a release that is registered.</summary>
internal sealed class CaseStart
{
    /// <summary>Stands where what is asked has a name that a case does not give.</summary>
    public static readonly RolloutId Rollout = new("r-case");

    private const string Said = "as the case says";

    private static readonly EmergencyId NewEmergency = new("e-case");
    private static readonly ReleaseDigest Digest = ReleaseDigest.Create($"sha256:{new string('c', 64)}");

    public CaseStart(DesiredFleet fleet, CalendarSet calendars, PolicyCase one)
    {
        (Fleet, Calendars, Case) = (fleet, calendars, one);
        At = CaseTime.Read(one.At);
        Release = ReleaseOf(fleet, one.Release);
        Terms = AcceptancePlanner.TermsOf(
            fleet.Environments[one.Environment],
            fleet,
            Release,
            ("the commit of the case", Said),
            Now
        );
        Tenants = new PolicyCaseTenants(one).Of(fleet);
        Approval = ApprovalOf();
        if (one.Emergency is { } emergency)
        {
            Emergency = EmergencyStart.Of(
                new StartRollout(
                    Release.Name.Value,
                    one.Environment.Value,
                    Reason: Said,
                    Emergency: true,
                    Overrides: emergency.Overrides,
                    Expires: Now + emergency.Lasts
                ),
                Terms.Policy.Emergency,
                NewEmergency,
                Now,
                out var problem
            );
            Refused = problem;
        }
    }

    public DesiredFleet Fleet { get; }

    public CalendarSet Calendars { get; }

    public PolicyCase Case { get; }

    public Instant At { get; }

    public DateTimeOffset Now => At.ToDateTimeOffset();

    public DesiredRelease Release { get; }

    public string Risk => Release.Risk.ToString().ToLowerInvariant();

    /// <summary>The environment's, for this release.</summary>
    public EnvironmentTerms Terms { get; }

    /// <summary>Of whom the case speaks, by name.</summary>
    public ImmutableArray<DesiredTenant> Tenants { get; }

    /// <summary>Null where no requirement speaks of the work.</summary>
    public ApprovalOutcome? Approval { get; }

    /// <summary>Null for an ordinary start, and for one that is refused.</summary>
    public EmergencyToOpen? Emergency { get; }

    /// <summary>Why it may not be such an emergency.</summary>
    public (string What, string Next)? Refused { get; }

    /// <summary>How a rollout would go.</summary>
    public RolloutPolicy Rules =>
        RolloutLimits.Within(
            PlanDocumentMapping.Policy(Terms.Policy.Rollout, out var problem)
                ?? throw new FormatException($"{Terms.Policy.Name}: {problem}"),
            Terms.Policy.Limits
        );

    private static DesiredRelease ReleaseOf(DesiredFleet fleet, CaseRelease said)
    {
        var known = said.Name is { } name ? fleet.Releases[name] : null;
        return new(known?.Name ?? new ReleaseName("the-release"), known?.Digest ?? Digest)
        {
            Risk = said.Risk ?? known?.Risk ?? ReleaseRisk.Normal,
            Security = said.Security ?? known?.Security,
        };
    }

    private ApprovalOutcome? ApprovalOf()
    {
        var policy = Terms.Policy.Approvals;
        var requirements = ApprovedGate.Applying(
            policy,
            new ApprovalSubject(
                Risk,
                Case.Release.Class,
                [.. Tenants.Select(tenant => tenant.Tags.ToImmutableHashSet(StringComparer.Ordinal))]
            )
        );
        // One plan, and what is said is said of it.
        var binding = new ApprovalBinding("", Release.Digest.Value, "", "");
        return requirements.IsEmpty
            ? null
            : ApprovedGate.Ask(
                new(
                    requirements,
                    policy.People,
                    binding,
                    Case.By,
                    new(
                        Case.Release.Authors,
                        Case.Release.Unproven ? "neither a signature nor the forge tells who wrote it." : null
                    ),
                    [.. Case.Approvals.Select(said => Statement(said, binding)).Where(said => said.At <= Now)],
                    [.. Case.Delegations.Select(given => Delegated(given, policy.People))]
                ),
                Now
            );
    }

    private static Delegation Delegated(CaseDelegation given, People people)
    {
        return new(
            people.Of(given.From),
            people.Of(given.To),
            At(given.Begins) ?? DateTimeOffset.MinValue,
            At(given.Ends) ?? DateTimeOffset.MaxValue
        );

        static DateTimeOffset? At(string? written) =>
            written is null ? null : CaseTime.Read(written).ToDateTimeOffset();
    }

    private ApprovalStatement Statement(CaseApproval said, ApprovalBinding binding)
    {
        var at = said.At is { } written ? CaseTime.Read(written).ToDateTimeOffset() : Now;
        return new(
            said.Rejects ? ApprovalSaid.Rejected : ApprovalSaid.Approved,
            said.By,
            said.IsService,
            at,
            said.Rejects ? DateTimeOffset.MaxValue : at + Terms.Policy.Approvals.Expiry,
            Said,
            binding
        );
    }
}
