using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Rehearsals;
using Tidegate.ControlPlane.Rehearsals.Lint;
using Tidegate.ControlPlane.Rehearsals.Observed;
using Tidegate.ControlPlane.Rehearsals.Prediction;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Copies;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Journeys;
using Tidegate.Drivers.Odoo;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Rehearsals;

/// <summary>One upgrade, done on a copy that is harmless already, in the order of a cutover. What was learnt stands in it whenever it ends.</summary>
internal sealed class Rehearsal(
    RehearsalHome home,
    StepContext context,
    PreparedCopy copy,
    RehearsalSteps steps,
    RehearsalTools tools
)
{
    private const int MostLocks = 200;

    private readonly RehearsedJourneys _journeys = new(home, context, copy.Password, tools.Clock);
    private readonly RehearsedMigration _migration = new(home, context, tools.Evidence, tools.Clock);
    private readonly Dictionary<string, double> _parts = [];
    private long _bytes;

    /// <summary>Null where it did not get so far.</summary>
    public RehearsalObservation? Seen { get; private set; }

    public ProvenClass? Class { get; private set; }

    public ProvenWayBack? WayBack { get; private set; }

    public CutoverParts? Parts =>
        WayBack is null ? null : new(_parts.ToImmutableSortedDictionary(StringComparer.Ordinal), _bytes);

    private UpgradeTarget Target => context.Target;

    private string Next => DatabaseNames.Next(context.Target.Database);

    /// <returns>Why it has not passed; null when it has.</returns>
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        await using var old = Release(Target.From);
        await using var fresh = Release(Target.To);
        await StartAsync("start-old", old, Target.Database, cancellationToken);
        var baseline = await JourneysAsync("baseline", old, Target.Database, null, cancellationToken);
        if (
            baseline.Results.FirstOrDefault(result => result.Verdict is Verdict.Error or Verdict.Inconclusive) is { } no
        )
        {
            return $"the journeys could not be made on {Target.From.Name}: {no.Journey}: {no.Answered}";
        }

        var views = await ViewsAsync("views-before", old, Target.Database, cancellationToken);
        await old.StopAsync(cancellationToken);
        var (failure, broken) = await UpgradeAsync(fresh, cancellationToken);
        if (failure is not null)
        {
            return failure;
        }

        await WarmAsync(fresh, cancellationToken);
        var verdict = await VerifyAsync(fresh, baseline, cancellationToken);
        var after = await ViewsAsync("views-after", fresh, Next, cancellationToken);
        Seen = Seen! with { BrokenViews = [.. after.Where(view => views.All(known => known.Name != view.Name))] };
        await fresh.StopAsync(cancellationToken);
        await WayBackAsync(old, baseline, cancellationToken);
        await steps.DoAsync(
            "prove",
            "proving once more that the copy is neutral",
            () => tools.Copies.ProveAsync(Copy(Next), Target.To.Digest, copy.Known, cancellationToken),
            cancellationToken
        );
        return broken ?? Refusal(verdict);
    }

    private async Task<(string? Failure, string? Broken)> UpgradeAsync(
        RehearsedRelease fresh,
        CancellationToken cancellationToken
    )
    {
        _parts["copy"] = await MeasureAsync("copy", "copying the database", _migration.CopyAsync, cancellationToken);
        var catalogue = await _migration.CatalogueAsync(before: null, cancellationToken);
        var figures = await _migration.FiguresAsync(Next, cancellationToken);
        _parts["start-generation"] = await StartAsync("start-generation", fresh, Next, cancellationToken);
        var (observed, result) = await _migration.RunAsync(
            work =>
                steps.DoAsync(
                    "migrate",
                    $"updating {Target.Modules.Length} modules with {Target.To.Name}",
                    async () =>
                    {
                        var ended = await work();
                        return (ended, ended is null ? "the release changes no installed module" : Ended(ended));
                    },
                    cancellationToken
                ),
            cancellationToken
        );
        _parts["migrate"] = steps.SecondsOf("migrate") ?? 0;
        await tools.Evidence.WriteAsync("seen.json", observed, cancellationToken);
        var seen = await steps.DoAsync(
            "judge",
            "asking the success oracle",
            async () =>
            {
                var judged = await _migration.JudgeAsync(catalogue, observed, result, cancellationToken);
                return (judged, judged.Verdict.Reason);
            },
            cancellationToken
        );
        _parts["judge"] = steps.SecondsOf("judge") ?? 0;
        _bytes = observed.Usage.DatabaseBytesBefore;
        var invariants = BusinessFigures.Compare(figures, await _migration.FiguresAsync(Next, cancellationToken));
        Keep(seen, invariants);
        if (seen.Verdict.Verdict is not Verdict.Pass)
        {
            return ($"the migration did not succeed: {seen.Verdict.Reason}", null);
        }

        await steps.DoAsync(
            "neutralise-again",
            "neutralising again after the update",
            () => tools.NeutraliseAsync(Copy(Next), Target.To.Digest, copy.Known, cancellationToken),
            cancellationToken
        );
        var moved = invariants.FirstOrDefault(figure => !figure.Holds);
        return (
            null,
            moved is null ? null : $"{moved.Name} was {moved.Before} before and is {moved.After ?? "gone"} after"
        );
    }

    private void Keep(MigrationSeen seen, ImmutableArray<Invariant> invariants)
    {
        var observed = seen.Observed;
        var bundles = new BundleStore(home.Site.Bundles);
        Class = ProvenClass.Of(
            bundles.Find(Target.From.Digest)?.Odoo.Series ?? "",
            bundles.Find(Target.To.Digest)?.Odoo.Series ?? "",
            observed,
            seen.ViewsChanged,
            seen.HasScripts
        );
        var limits = new LintLimits
        {
            FreeBytes = new DriveInfo(home.Site.Home).AvailableFreeSpace,
            DeclaredDrops = [.. Target.DeclaredDrops ?? []],
        };
        Seen = new(
            [.. observed.Commands.Take(RehearsalObservation.MostKept)],
            observed.Commands.Length,
            observed.Rewrites,
            [.. observed.Locks.Take(MostLocks)],
            [
                .. observed.Tables.Where(rows =>
                    rows.Before != rows.After || rows.Inserted + rows.Updated + rows.Deleted > 0
                ),
            ],
            [.. StructureChanges.Between(observed.Before, observed.After)],
            observed.Usage,
            invariants,
            [],
            [
                .. seen.Verdict.Answers.Select(answer => new OracleSaying(
                    answer.Question,
                    answer.Verdict.ToString(),
                    answer.Sentence
                )),
            ],
            ObservedLint.Judge(observed, limits)
        );
    }

    private async Task WarmAsync(RehearsedRelease fresh, CancellationToken cancellationToken)
    {
        using var http = new GenerationHttp();
        _parts["warm"] = await MeasureAsync(
            "warm",
            $"loading the database in every worker of {Target.To.Name}",
            async token =>
                await new TenantWarmth(home.Postgres, http, tools.Clock).WarmAsync(
                    Target with
                    {
                        Database = Next,
                    },
                    fresh.Ports,
                    token
                )
                    is { } complaint
                    ? throw new JourneyException(complaint)
                    : $"{Target.Workers} workers and the evented process",
            cancellationToken
        );
    }

    private async Task<JourneyJudgement> VerifyAsync(
        RehearsedRelease fresh,
        JourneyReport baseline,
        CancellationToken cancellationToken
    )
    {
        var report = await JourneysAsync("verify", fresh, Next, baseline.Prices?.Questions, cancellationToken);
        return JourneyComparison.Judge(baseline, report, Target.DeclaredPriceChanges);
    }

    /// <summary>The old code on the new database: whether going back by the image alone would do.</summary>
    private async Task WayBackAsync(RehearsedRelease old, JourneyReport baseline, CancellationToken cancellationToken)
    {
        var (works, reason) = await OldCodeAsync(old, baseline, cancellationToken);
        await old.StopAsync(cancellationToken);
        WayBack = new(works, reason, copy.Source.IsBackup, ProvenWayBack.StrategiesOf(Class!.Class));
    }

    private async Task<(bool Works, string Reason)> OldCodeAsync(
        RehearsedRelease old,
        JourneyReport baseline,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await StartAsync("start-old-code", old, Next, cancellationToken);
            var report = await JourneysAsync("way-back", old, Next, baseline.Prices?.Questions, cancellationToken);
            var judged = JourneyComparison.Judge(baseline, report, Target.DeclaredPriceChanges);
            return (judged.Verdict is Verdict.Pass, $"{Target.From.Name} on the new database: {judged.Reason}");
        }
        catch (Exception failed) when (failed is ProcessStartException or JourneyException)
        {
            return (false, $"{Target.From.Name} does not run on the new database: {failed.Message}");
        }
    }

    private string? Refusal(JourneyJudgement verdict) =>
        verdict.Verdict is not Verdict.Pass ? $"{Target.To.Name} does not work for {Target.Tenant}: {verdict.Reason}"
        : Seen!.BrokenViews is [var view, ..]
            ? $"view {view.Name} of {view.Model} cannot be shown any more: {view.Error}"
        : Seen.Findings is [{ Severity: LintSeverity.Block } finding, ..] ? $"{finding.Code}: {finding.What}"
        : null;

    private Task<JourneyReport> JourneysAsync(
        string name,
        RehearsedRelease release,
        string database,
        PriceQuestions? questions,
        CancellationToken cancellationToken
    ) =>
        steps.DoAsync(
            name,
            $"journeys on {release.Release.Name}",
            async () =>
            {
                var report = await _journeys.MakeAsync(name, release, database, questions, cancellationToken);
                await tools.Evidence.WriteAsync($"{name}.json", report, cancellationToken);
                _parts[name] = report.DurationS;
                var bad = report.Results.Count(result => result.Verdict is not Verdict.Pass);
                return (
                    report,
                    bad == 0
                        ? $"{report.Results.Length} journeys"
                        : $"{bad} of {report.Results.Length} journeys not well"
                );
            },
            cancellationToken
        );

    private Task<ImmutableArray<BrokenView>> ViewsAsync(
        string name,
        RehearsedRelease release,
        string database,
        CancellationToken cancellationToken
    ) =>
        steps.DoAsync(
            name,
            $"showing every view with {release.Release.Name}",
            async () =>
            {
                var (shown, broken) = await _journeys.ViewsAsync(name, release, database, cancellationToken);
                return (broken, $"{shown} views, {broken.Length} of them broken");
            },
            cancellationToken
        );

    private async Task<double> StartAsync(
        string name,
        RehearsedRelease release,
        string database,
        CancellationToken cancellationToken
    ) =>
        await MeasureAsync(
            name,
            $"starting {release.Release.Name}",
            async token =>
            {
                await tools.Copies.StartAsync(copy.Cluster, home, Target, release, database, token);
                return $"{Target.Workers} workers";
            },
            cancellationToken
        );

    private async Task<double> MeasureAsync(
        string name,
        string stage,
        Func<CancellationToken, Task<string>> work,
        CancellationToken cancellationToken
    )
    {
        await steps.DoAsync(name, stage, () => work(cancellationToken), cancellationToken);
        return steps.All[^1].Seconds;
    }

    private RehearsedRelease Release(ControlPlane.Fleet.ReleaseRef release) =>
        new(home, Target, release, tools.Launcher, tools.Clock);

    private CopyDatabase Copy(string database) => new(home.Postgres, database);

    private static string Ended(JobResult result) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"exit code {result.Exit}, {result.WallS:0.0} s, {result.CpuS:0.0} s of processor time"
        );
}
