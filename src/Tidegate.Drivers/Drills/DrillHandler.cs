using System.Collections.Frozen;
using System.Text;
using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers.Copies;
using Tidegate.Drivers.Drills.Runbooks;
using Tidegate.Drivers.Rehearsals;

namespace Tidegate.Drivers.Drills;

/// <summary>Plays drills, judges them and keeps their reports.</summary>
internal sealed class DrillHandler : JobHandler<DrillJob, DrillResult>, IDrillScenarios
{
    private readonly FrozenDictionary<DrillScenario, IScenario> _scenarios;
    private readonly Markers _markers;
    private readonly RehearsalHomes _homes;
    private readonly DrillStore _store;
    private readonly Artifacts _artifacts;
    private readonly TimeProvider _clock;

    public DrillHandler(
        IEnumerable<IScenario> scenarios,
        Markers markers,
        RehearsalHomes homes,
        DrillStore store,
        Artifacts artifacts,
        TimeProvider clock
    )
        : base(DrillJob.Kind)
    {
        _scenarios = scenarios.ToFrozenDictionary(scenario => scenario.Scenario);
        (_markers, _homes, _store, _artifacts, _clock) = (markers, homes, store, artifacts, clock);
    }

    public string? Refusal(DrillScenario scenario) =>
        _scenarios.ContainsKey(scenario)
            ? null
            : $"{scenario.Word()} cannot be played by this version, which has no machinery for it. Those that can: {string.Join(", ", _scenarios.Keys.Order().Select(known => known.Word()))}.";

    protected override async Task<DrillResult> RunAsync(
        DrillJob job,
        ClaimedJob claimed,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        if (Refusal(job.Scenario) is { } refusal)
        {
            throw new JobFailedException(refusal);
        }

        // Played to its end by a server that was lost before it could say so: what was measured then counts.
        if (await _store.FindAsync(DrillId.Of(claimed.Id), cancellationToken) is { } played)
        {
            return played.Drill;
        }

        var started = _clock.GetUtcNow();
        var stage = new Stage(job, claimed, context.ReportAsync, _clock);
        var (measured, failure) = await PlayAsync(stage, cancellationToken);
        var result = new DrillResult(
            DrillId.Of(claimed.Id),
            job.Scenario,
            claimed.Site,
            job.Tenant,
            started,
            _clock.GetUtcNow(),
            stage.Steps,
            measured,
            DrillVerdict.Judge(measured, job.Objectives, failure),
            failure
        );
        var report = await _artifacts.PutAsync(Encoding.UTF8.GetBytes(DrillReport.Markdown(result)), cancellationToken);
        await _store.RecordAsync(result, report, claimed.Actor, cancellationToken);
        return result;
    }

    protected override async Task CleanUpAsync(DrillJob job, ClaimedJob claimed, CancellationToken cancellationToken)
    {
        await _homes.RemoveAsync(claimed.Id, cancellationToken);
        await _markers.RemoveAsync(claimed.Id, cancellationToken);
    }

    private async Task<(DrillMeasurement Measured, string? Failure)> PlayAsync(
        Stage stage,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var measured = await _scenarios[stage.Drill.Scenario].PlayAsync(stage, cancellationToken);
            return (measured with { Checks = measured.Checks.Add(Followed(stage)) }, null);
        }
        catch (JobFailedException failed)
        {
            // That is what a drill is for: it is recorded as the failure that it would have been.
            return (DrillMeasurement.Nothing, failed.Message);
        }
        catch (CopyRefusedException refused)
        {
            // It says nothing about recovering: there was nothing on which it could be played.
            throw new JobFailedException(refused.Message, refused);
        }
    }

    /// <summary>Whether recovering went by the steps that a person would take without us: else the runbook is of another product.</summary>
    private static DrillCheck Followed(Stage stage)
    {
        var done = stage.Steps.Where(step => step.IsRecovery).Select(step => step.What).ToList();
        return Runbook.Of(stage.Drill.Scenario) is not { } runbook
            ? new("the runbook's steps were followed", null, "there is no runbook of it")
            : new(
                "the runbook's steps were followed",
                done.SequenceEqual(runbook.Steps, StringComparer.Ordinal),
                $"done: {string.Join("; ", done)}"
            );
    }
}
