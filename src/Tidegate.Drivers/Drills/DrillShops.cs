using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Copies;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Journeys;
using Tidegate.Drivers.Odoo;
using Tidegate.Drivers.Recovery;
using Tidegate.Drivers.Rehearsals;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Drills;

/// <summary>Makes shops for drills out of the newest backup.</summary>
internal sealed class DrillShops(
    RehearsalHomes homes,
    HarmlessCopy copies,
    ProcessLauncher launcher,
    TimeProvider clock
)
{
    /// <summary>Restores the tenant beside the site and takes out of it what could act on the world; nothing of Odoo runs on it before.</summary>
    /// <exception cref="CopyRefusedException">It cannot be made harmless, so that there is nothing to drill on.</exception>
    public async Task<DrillShop> PrepareAsync(Stage stage, CancellationToken cancellationToken)
    {
        var target = stage.Drill.Served!;
        var home = await homes.MakeAsync(stage.Job, cancellationToken);
        var (cluster, _) = await stage.StepAsync(
            "restoring the newest backup of the tenant",
            isRecovery: false,
            () => copies.RestoreAsync(target, stage.Job, stage.Report, cancellationToken),
            restored => $"backup {restored.Source.Label}, replayed to {restored.Source.ReachedLsn}",
            cancellationToken
        );
        return await HarmlessAsync(
            stage,
            new(home with { Postgres = cluster.Postgres }, target, cluster),
            cancellationToken
        );
    }

    /// <summary>The same of one that was restored already.</summary>
    /// <param name="from">Where its files are; null for the tenant's own.</param>
    /// <inheritdoc cref="PrepareAsync" path="/exception" />
    public async Task<DrillShop> HarmlessAsync(
        Stage stage,
        RestoredShop restored,
        CancellationToken cancellationToken,
        string? from = null
    )
    {
        var (home, target, cluster) = restored;
        var password = await stage.StepAsync(
            "taking out of it what could act on the world",
            isRecovery: false,
            async () =>
            {
                await copies.NeutraliseAsync(cluster, target, [], cancellationToken);
                return (await copies.MaskAsync(cluster, target, home, cancellationToken, from)).Password;
            },
            _ => home.Isolation,
            cancellationToken
        );
        return new(stage, restored, password, new(copies, launcher, clock));
    }

    public Task<RehearsalHome> HomeAsync(JobId job, CancellationToken cancellationToken) =>
        homes.MakeAsync(job, cancellationToken);
}

/// <summary>A tenant's database on a side cluster, as it came out of a backup.</summary>
internal sealed record RestoredShop(RehearsalHome Home, UpgradeTarget Target, SideCluster Cluster);

/// <summary>What a shop of a drill is served with.</summary>
internal sealed record DrillShopTools(HarmlessCopy Copies, ProcessLauncher Launcher, TimeProvider Clock);

/// <summary>A tenant's harmless copy on a side cluster, and the releases that serve it there. Production's shop is another.</summary>
internal sealed class DrillShop(Stage stage, RestoredShop shop, string password, DrillShopTools tools)
{
    public RehearsalHome Home => shop.Home;

    public UpgradeTarget Target => shop.Target;

    public CopyDatabase Database => new(Home.Postgres, Target.Database);

    public CopyMarkers Markers => new(Database, stage.Job);

    /// <summary>As an upgrade to that release has it.</summary>
    public StepContext Context(ReleaseRef to) =>
        RehearsalHomes.ContextOf(Target with { To = to }, stage.Job, stage.Epoch, tools.Clock.GetUtcNow());

    public RehearsedRelease Old() => new(Home, Target, Target.From, tools.Launcher, tools.Clock);

    public RehearsedRelease Of(FaultyRelease faulty) =>
        new(Home, Target, faulty.Release, tools.Launcher, tools.Clock, faulty.Overlay);

    /// <summary>Starts a release on the shop; it answers, which says nothing about the shop.</summary>
    /// <exception cref="JobFailedException">It does not come up.</exception>
    public Task<bool> StartAsync(RehearsedRelease release, string database, CancellationToken cancellationToken) =>
        ToldAsync(async () =>
        {
            await tools.Copies.StartAsync(shop.Cluster, Home, Target, release, database, cancellationToken);
            return true;
        });

    /// <summary>Null when every worker of a release that was started serves the shop; else what a visitor gets.</summary>
    public async Task<string?> ComplaintAsync(RehearsedRelease release, CancellationToken cancellationToken)
    {
        using var http = new GenerationHttp();
        try
        {
            return await new TenantWarmth(Home.Postgres, http, tools.Clock).WarmAsync(
                Target with
                {
                    To = release.Release,
                },
                release.Ports,
                cancellationToken
            );
        }
        catch (HttpRequestException none)
        {
            return none.Message;
        }
    }

    /// <summary>The release serves the shop, and people can work in it: every worker loads it, and the journeys come out as before.</summary>
    /// <param name="before">What they came to before; null for the first time.</param>
    /// <exception cref="JobFailedException">It does not.</exception>
    public async Task<JourneyReport> ServeAsync(
        string name,
        RehearsedRelease release,
        JourneyReport? before,
        CancellationToken cancellationToken
    )
    {
        await StartAsync(release, Target.Database, cancellationToken);
        if (await ComplaintAsync(release, cancellationToken) is { } complaint)
        {
            throw new JobFailedException($"{release.Release.Name} does not serve the shop: {complaint}");
        }

        var report = await ToldAsync(() =>
            new RehearsedJourneys(Home, Context(Target.From), password, tools.Clock).MakeAsync(
                name,
                release,
                Target.Database,
                before?.Prices?.Questions,
                cancellationToken
            )
        );
        return JourneyComparison.Judge(before ?? report, report, []) is { Verdict: not Verdict.Pass } judged
            ? throw new JobFailedException($"{release.Release.Name} does not work for the shop: {judged.Reason}")
            : report;
    }

    public static string Said(JourneyReport report) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Results.Count(result => result.Verdict is Verdict.Pass)} of {report.Results.Length} journeys made"
        );

    /// <summary>Figures of the business, as rehearsals compare them.</summary>
    public async Task<ImmutableDictionary<string, string?>> FiguresAsync(CancellationToken cancellationToken)
    {
        await using var session = await Home.Postgres.OpenAsync(
            Target.Database,
            SitePostgres.Superuser,
            cancellationToken
        );
        return await BusinessFigures.ReadAsync(session, cancellationToken);
    }

    /// <summary>Rows of the tables that are there.</summary>
    public async Task<ImmutableDictionary<string, long>> RowsAsync(
        IEnumerable<string> tables,
        CancellationToken cancellationToken
    )
    {
        await using var session = await Home.Postgres.OpenAsync(
            Target.Database,
            SitePostgres.Superuser,
            cancellationToken
        );
        var rows = ImmutableDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        foreach (
            var table in await session.QueryAsync(
                "select relname::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relname = any($1)",
                [tables.ToArray()],
                row => row.GetString(0),
                cancellationToken
            )
        )
        {
            rows[table] = await session.ScalarAsync<long>(
                $"select count(*) from public.{Sql.Name(table)}",
                [],
                cancellationToken
            );
        }

        return rows.ToImmutable();
    }

    /// <summary>What of the releases did not work is what a drill finds out.</summary>
    public static async Task<T> ToldAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception failed)
            when (failed is ProcessStartException or JourneyException or MigratorUnreachableException)
        {
            throw new JobFailedException(failed.Message, failed);
        }
    }
}
