using System.Security.Cryptography;
using System.Text;
using Tidegate.ControlPlane.Calendars;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>Remembers rollouts. Every change is guarded by a lease: a call that comes too late changes nothing and says so.</summary>
public interface IRolloutStore
{
    /// <summary>Stores a plan as a running rollout and frees the tenants that a superseded one has not begun, in one transaction.</summary>
    Task<StartRolloutResult> StartAsync(NewRollout rollout, CancellationToken cancellationToken);

    /// <summary>Takes the due upgrade that waits longest, writes the intent of its next step, and leases it. Null when nothing is due.</summary>
    Task<ClaimedUpgrade?> ClaimUpgradeAsync(Claim claim, CancellationToken cancellationToken);

    /// <summary>Makes the lease last longer; false when somebody else owns the upgrade now.</summary>
    Task<bool> RenewAsync(ClaimedUpgrade claimed, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Stores what came of a step and gives the lease back; false when somebody else owns the upgrade now, and then nothing was stored.</summary>
    Task<bool> RecordAsync(
        ClaimedUpgrade claimed,
        Attempt attempt,
        Upgrade moved,
        DateTimeOffset now,
        CancellationToken cancellationToken
    );

    /// <summary>The step has ended under a lease that is lost. If a person's order took it, the next need not wait until that lease has run out.</summary>
    Task LetGoAsync(ClaimedUpgrade claimed, CancellationToken cancellationToken);

    /// <summary>Takes a rollout whose numbers may have changed. Null when there is none.</summary>
    Task<ClaimedRollout?> ClaimRolloutAsync(Claim claim, CancellationToken cancellationToken);

    /// <summary>Carries out a decision and gives the lease back; false when somebody else owns the rollout now, and then nothing was stored.</summary>
    Task<bool> ApplyAsync(
        ClaimedRollout claimed,
        RolloutDecision decision,
        DateTimeOffset now,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Gives a running rollout up: pending tenants stay untouched, begun ones are moved by <see cref="UpgradeDecider.Abort"/>.
    /// A step that is being carried out is taken from its owner; its lease stays, so that the way back begins when the
    /// owner has let go (<see cref="LetGoAsync"/>) or its lease has run out.
    /// </summary>
    Task<AbortResult> AbortAsync(OperatorCommand command, CancellationToken cancellationToken);

    /// <summary>Lets tenants that ask a person go on: all of the rollout, or the one that is named.</summary>
    Task<ResumeResult> ResumeAsync(
        OperatorCommand command,
        Fleet.TenantName? tenant,
        CancellationToken cancellationToken
    );
}

/// <summary>What a rollout is for. Stored by name.</summary>
public enum RolloutKind
{
    /// <summary>Takes tenants to a release. One at a time in an environment.</summary>
    Release,

    /// <summary>Makes live state what it should be, on the release that runs. Beside any rollout, but never of the same tenant.</summary>
    Healing,

    /// <summary>Takes a tenant back to an earlier state. Beside any rollout: one that has not begun on the tenant, or only watches it, gives way.</summary>
    Restore,

    /// <summary>Gives a staging tenant another's data anew. Beside any rollout, but never of the same tenant.</summary>
    Refresh,
}

/// <summary>A plan that is to be carried out.</summary>
/// <param name="Actor">Who started it.</param>
/// <param name="Sites">The site of each pool in the plan.</param>
/// <param name="Supersede">Whether it may take the place of a rollout that runs in the same environment.</param>
public sealed record NewRollout(
    RolloutId Id,
    RolloutPlan Plan,
    IReadOnlyDictionary<Fleet.PoolName, Fleet.SiteName> Sites,
    string Actor,
    string? Reason,
    bool Supersede,
    DateTimeOffset Now
)
{
    /// <summary>The planned work that it carries out: it starts with it, or neither does. Null when a person started it.</summary>
    public WorkToStart? Work { get; init; }

    public RolloutKind Kind { get; init; }

    /// <summary>Whether nobody stands behind its start: a commit's release, a schedule.</summary>
    public bool IsAutomatic { get; init; }

    /// <summary>What calendars are asked about; null for the way back, which none can stop.</summary>
    public StartKind? StartKind =>
        Kind switch
        {
            RolloutKind.Restore => null,
            RolloutKind.Healing => Calendars.StartKind.Healing,
            RolloutKind.Release or RolloutKind.Refresh => IsAutomatic
                ? Calendars.StartKind.Automatic
                : Calendars.StartKind.Manual,
        };

    /// <summary>The emergency that it is: both begin, or neither does. Null for an ordinary start.</summary>
    public EmergencyToOpen? Emergency { get; init; }

    /// <summary>The upgrade of the tenant at this place of the plan. Derived, so that every store gives the same one.</summary>
    public UpgradeId UpgradeIdOf(int ordinal)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Id.Value}/{ordinal}"));
        return new UpgradeId($"u-{Convert.ToHexStringLower(hash.AsSpan(0, 16))}");
    }
}

/// <summary>Planned work that a rollout carries out.</summary>
/// <param name="Id">In the control database.</param>
/// <param name="Passed">The gates that let it through, for the ledger.</param>
public sealed record WorkToStart(long Id, string Passed);

/// <summary>What came of starting a rollout.</summary>
public abstract record StartRolloutResult
{
    private StartRolloutResult() { }

    public sealed record Started(RolloutId Id) : StartRolloutResult;

    /// <summary>Nothing was stored; <paramref name="Reason"/> says what is in the way and what to do.</summary>
    public sealed record Refused(string Reason) : StartRolloutResult;

    /// <summary>Nothing was stored; a healing works on one of the tenants and ends by itself soon.</summary>
    public sealed record Healing(string Reason) : StartRolloutResult;
}

/// <summary>Who takes work, for how long, and whose.</summary>
/// <param name="Owner">Names one engine process.</param>
/// <param name="Sites">Work of these sites only.</param>
public sealed record Claim(string Owner, TimeSpan Lease, IReadOnlyList<string> Sites, DateTimeOffset Now);

/// <summary>An upgrade under lease, its intent written.</summary>
/// <param name="Run">The attempt's number.</param>
/// <param name="StepStartedAt">When its step was first attempted.</param>
public sealed record ClaimedUpgrade(Upgrade Upgrade, long Epoch, string Owner, long Run, DateTimeOffset StepStartedAt);

/// <summary>A rollout under lease.</summary>
public sealed record ClaimedRollout(RolloutSummary Summary, long Epoch, string Owner)
{
    /// <summary>What calendars are asked with; null for what no calendar is asked about: a way back.</summary>
    public RolloutCalendar? Calendar { get; init; }
}
