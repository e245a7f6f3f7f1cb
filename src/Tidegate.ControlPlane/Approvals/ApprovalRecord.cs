using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Approvals;

/// <summary>Identifies a plan to which somebody has to agree: <c>a-</c> and 32 hexadecimal digits.</summary>
[JsonConverter(typeof(NameConverter<ApprovalId>))]
public readonly record struct ApprovalId(string Value) : IName<ApprovalId>
{
    public static ApprovalId New(TimeProvider clock) => new($"a-{Guid.CreateVersion7(clock.GetUtcNow()):n}");

    public static ApprovalId Create(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>A plan to which somebody has to agree. Never changed: another plan is another approval.</summary>
/// <param name="Request">What was asked for: the same again gives the plan of then.</param>
/// <param name="Kind">As what it starts: a plan holds by it.</param>
/// <param name="Tags">Of each tenant that it reaches; null where they are not known.</param>
/// <param name="Plan">As it is shown to whoever agrees.</param>
/// <param name="LossLimit">How many rows of business documents its way back may cost without a further word.</param>
public sealed record ApprovalRecord(
    ApprovalId Id,
    EnvironmentName Environment,
    ReleaseRef Release,
    ApprovalBinding Binding,
    PlanRollout Request,
    StartKind Kind,
    ImmutableArray<ImmutableArray<string>>? Tags,
    PlanView Plan,
    DateTimeOffset AskedAt,
    long LossLimit
);

/// <summary>Something that was said of an approval, as it is kept.</summary>
/// <param name="Said"><c>asked</c>, <c>approved</c>, <c>rejected</c> or <c>withdrawn</c>.</param>
/// <param name="Until">Of an approval.</param>
/// <param name="IsWithdrawn">Whoever said it took it back.</param>
public sealed record KeptStatement(
    long Id,
    ApprovalId Approval,
    string Said,
    string By,
    bool IsService,
    DateTimeOffset At,
    DateTimeOffset? Until,
    string? Reason,
    bool IsWithdrawn
)
{
    public const string Asked = "asked";
    public const string Approved = "approved";
    public const string Rejected = "rejected";
    public const string Withdrawn = "withdrawn";
}

/// <summary>Something to be kept.</summary>
/// <param name="Key">Said twice under one key it is said once.</param>
public sealed record NewStatement(
    ApprovalRecord Approval,
    string Said,
    string By,
    bool IsService,
    DateTimeOffset At,
    DateTimeOffset? Until,
    string? Reason,
    string Key
);

/// <summary>A delegation as it is kept.</summary>
/// <param name="Ended">When it was taken back; null while it stands.</param>
public sealed record KeptDelegation(
    long Id,
    Delegation Delegation,
    string By,
    DateTimeOffset At,
    string? Reason,
    DateTimeOffset? Ended
)
{
    /// <summary>As it holds: one that was taken back ended then.</summary>
    public Delegation InForce =>
        Ended is { } ended && ended < Delegation.Ends ? Delegation with { Ends = ended } : Delegation;
}
