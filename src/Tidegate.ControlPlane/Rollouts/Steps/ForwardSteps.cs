using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>Refuses a tenant that is not ready, before anything is touched: module states, size, slots, subscriptions, prepared transactions, disk.</summary>
/// <param name="MaxDatabaseBytes">The largest database that is copied inside a hold.</param>
public sealed record Preflight(long MaxDatabaseBytes) : Step;

/// <summary>The new release's processes run in the tenant's pool, serving nobody yet, and its migrator is ready.</summary>
public sealed record StartGeneration : Step;

/// <summary>The journeys on the old release: what fails or is priced there is what the new one is compared with.</summary>
public sealed record Baseline : Step;

/// <summary>The checkpoint's filestore: a tree of hard links, begun before the hold.</summary>
public sealed record LinkFilestore : Step;

/// <summary>The tenant's crons start no more and the running ones have ended.</summary>
/// <param name="Bound">Longest wait; over it the tenant is put off and nothing is killed.</param>
public sealed record Quiesce(TimeSpan Bound) : Step;

/// <summary>The gateway holds the tenant's requests; running ones are answered, websockets closed.</summary>
/// <param name="DrainBound">Longest wait for running requests; over it the tenant is put off.</param>
/// <param name="HoldBound">Longest hold of all; over it the gateway shows the maintenance page.</param>
public sealed record Hold(TimeSpan DrainBound, TimeSpan HoldBound) : Step;

/// <summary>No generation can connect to the tenant's database any more, proven.</summary>
public sealed record Fence : Step;

/// <summary>The copy <c>&lt;database&gt;__next</c>, born closed.</summary>
public sealed record Copy : Step;

/// <summary>The release's own code updates the modules in the copy.</summary>
/// <param name="Bound">Longest run; over it the migration is ended and has failed.</param>
public sealed record Migrate(ImmutableArray<string> Modules, TimeSpan Bound) : Step;

/// <summary>The success oracle and the catalogue comparison; raises the copy's signals.</summary>
public sealed record Judge : Step;

/// <summary>One transaction: the copy becomes the tenant's database, the original the checkpoint.</summary>
public sealed record Swap : Step
{
    /// <summary>The predecessor is kept until somebody drops it: no later upgrade takes it for an older checkpoint.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Keeps { get; init; }
}

/// <summary>The new generation may connect, and every worker has loaded the tenant; crons still off.</summary>
public sealed record Warm : Step;

/// <summary>The journeys on the new release, compared with the baseline.</summary>
public sealed record Verify : Step
{
    /// <summary>For a restored database: nothing is compared with the one that it replaces, which may be what is wrong.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsRestored { get; init; }

    /// <summary>Whose baseline says what failed on this release already; null when there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RolloutId? Baseline { get; init; }
}

/// <summary>The point of no return: held requests go to the new generation, crons start.</summary>
public sealed record Open : Step;

/// <summary>The tenant is watched.</summary>
/// <param name="MaxErrorShare">Share of its requests, 0 to 1, that may fail by the server's fault.</param>
public sealed record Bake(TimeSpan Duration, double MaxErrorShare) : Step;

/// <summary>What nobody needs any more is removed: an old generation without tenants, the hold, temporary roles. The checkpoint stays.</summary>
public sealed record Retire : Step
{
    /// <summary>After a way back, what the tenant went back to: the rest of that goes, and older checkpoints stay. Null after an upgrade.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RestoreSource? Source { get; init; }

    /// <summary>What was replaced was a copy: it goes, and every older checkpoint that nobody keeps with it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DropsReplaced { get; init; }
}
