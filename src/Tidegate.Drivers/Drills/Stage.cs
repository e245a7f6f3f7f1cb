using System.Collections.Immutable;
using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.Drivers.Drills;

/// <summary>What a scenario plays on: what is to be played, and the timeline that it writes.</summary>
internal sealed class Stage(
    DrillJob drill,
    ClaimedJob claimed,
    Func<JobProgress, CancellationToken, Task> report,
    TimeProvider clock
)
{
    private readonly List<DrillStep> _steps = [];

    public DrillJob Drill => drill;

    public JobId Job => claimed.Id;

    public SiteName Site => claimed.Site;

    /// <summary>The fencing number of everything that is done in it.</summary>
    public long Epoch => claimed.Epoch;

    public Func<JobProgress, CancellationToken, Task> Report => report;

    public ImmutableArray<DrillStep> Steps => [.. _steps];

    /// <summary>How long recovering took until now.</summary>
    public TimeSpan RecoveryTime =>
        _steps.Where(step => step.IsRecovery).Aggregate(TimeSpan.Zero, (sum, step) => sum + step.Took);

    /// <summary>The tables of the objectives' business documents.</summary>
    public IEnumerable<string> DocumentTables => Models.Select(DrillTenant.TableOf);

    /// <summary>Business documents of the objectives, by model.</summary>
    /// <param name="rowsOf">Rows of a table; null where it is not there.</param>
    public ImmutableSortedDictionary<string, long?> Documents(Func<string, long?> rowsOf) =>
        Models.ToImmutableSortedDictionary(
            model => model,
            model => rowsOf(DrillTenant.TableOf(model)),
            StringComparer.Ordinal
        );

    private IEnumerable<string> Models =>
        drill.Objectives.SelectMany(objective => objective.Documents).Distinct(StringComparer.Ordinal);

    /// <summary>One step, noted in the timeline also when it fails.</summary>
    /// <param name="isRecovery">Whether its time is part of the recovery time.</param>
    /// <param name="note">What to say of what came of it.</param>
    public async Task<T> StepAsync<T>(
        string what,
        bool isRecovery,
        Func<Task<T>> work,
        Func<T, string?> note,
        CancellationToken cancellationToken
    )
    {
        await report(new(what), cancellationToken);
        var (at, begun) = (clock.GetUtcNow(), clock.GetTimestamp());
        try
        {
            var result = await work();
            _steps.Add(new(what, at, clock.GetElapsedTime(begun), isRecovery, note(result)));
            return result;
        }
        catch (JobFailedException failed)
        {
            _steps.Add(new(what, at, clock.GetElapsedTime(begun), isRecovery, failed.Message));
            throw;
        }
    }
}
