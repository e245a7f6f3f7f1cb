using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Recovery;

/// <summary>Private PostgreSQL clusters beside the site's, one a job: restored from a backup of the site, or empty.</summary>
/// <remarks>
/// Nothing of the site looks there, and they reach nothing outside. A job removes its own when it has ended, and before
/// it begins again: whoever was killed half-way leaves nothing.
/// </remarks>
public sealed class SideClusters(
    SiteLayout layout,
    ProcessLauncher launcher,
    RecoveryPlans plans,
    BackupFetch fetch,
    TimeProvider clock
)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan BackendsEnd = TimeSpan.FromMinutes(1);

    /// <summary>Restores the site's cluster, or some of its databases, as of a target; started, promoted, and looked at.</summary>
    /// <param name="report">Told how far it is: bytes fetched, then bytes of the log replayed.</param>
    /// <exception cref="JobFailedException">The target cannot be reached (said before anything is restored), or what is there is damaged.</exception>
    public async Task<SideCluster> RestoreAsync(
        SideRestore what,
        Func<JobProgress, CancellationToken, Task> report,
        CancellationToken cancellationToken
    )
    {
        await report(new("checking that the target can be reached"), cancellationToken);
        var plan = await plans.MakeAsync(what, cancellationToken);
        var server = await MakeAsync(what.Job, cancellationToken);
        try
        {
            var begun = clock.GetTimestamp();
            var wanted = await fetch.RunAsync(what, plan, server.Data, report, cancellationToken);
            var fetched = clock.GetElapsedTime(begun);
            server.Configure();
            var log = await new RecoveryWait(launcher, clock).RunAsync(
                server.Spec(ignoresInvalidPages: wanted.LeavesOut),
                plan,
                report,
                cancellationToken
            );
            var replayed = clock.GetElapsedTime(begun) - fetched;
            await AdmitOursAsync(server, cancellationToken);
            await RestoredDatabases.CheckAsync(server.Postgres, what.Databases, wanted, log, cancellationToken);
            return new(
                server.Postgres,
                server.Folder,
                new(
                    plan.Backup.Label,
                    (log.Reached ?? plan.Backup.Stop).ToString(),
                    log.LastCommit,
                    fetched,
                    replayed,
                    log.InvalidPages
                )
            );
        }
        catch
        {
            await RemoveAsync(what.Job, CancellationToken.None);
            throw;
        }
    }

    /// <summary>An empty cluster, prepared as a site's.</summary>
    /// <exception cref="JobFailedException">It does not come up.</exception>
    public async Task<SideCluster> CreateAsync(JobId job, CancellationToken cancellationToken)
    {
        var server = await MakeAsync(job, cancellationToken);
        try
        {
            var made = await ClusterMaking.InitializeAsync(
                Binaries,
                server.Data,
                await UserAsync(cancellationToken),
                cancellationToken
            );
            if (made.ExitCode != 0)
            {
                throw new JobFailedException($"a cluster could not be made in {server.Data}: {made.Complaint}");
            }

            server.Configure();
            await new RecoveryWait(launcher, clock).RunAsync(
                server.Spec(ignoresInvalidPages: false),
                plan: null,
                (_, _) => Task.CompletedTask,
                cancellationToken
            );
            await SiteDatabase.PrepareAsync(server.Postgres, cancellationToken);
            await AdmitOursAsync(server, cancellationToken);
            return new(server.Postgres, server.Folder, null);
        }
        catch
        {
            await RemoveAsync(job, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Lets an OS user in as a role: who runs Odoo on a side cluster.</summary>
    /// <param name="osUser">Null for ourselves.</param>
    public async Task AdmitAsync(
        SideCluster cluster,
        JobId job,
        OsUser? osUser,
        string role,
        CancellationToken cancellationToken
    )
    {
        var server = new SideServer(layout, Binaries, job, await UserAsync(cancellationToken));
        server.Admit(osUser?.Name ?? Environment.UserName, [role]);
        await ReloadAsync(cluster.Postgres, cancellationToken);
    }

    /// <summary>Ends the job's side cluster and removes all of it. Nothing there is no error.</summary>
    public async Task RemoveAsync(JobId job, CancellationToken cancellationToken)
    {
        await launcher.StopAsync(BackupFetch.ProcessName(job), StopManner.AtOnce, cancellationToken);
        await launcher.StopAsync(SideServer.ProcessName(job), StopManner.AtOnce, cancellationToken);
        await WaitForBackendsAsync(SideServer.DataOf(layout, job), cancellationToken);
        if (Directory.Exists(layout.SideCluster(job)))
        {
            Directory.Delete(layout.SideCluster(job), recursive: true);
        }

        if (Directory.Exists(layout.Work(job)) && !Directory.EnumerateFileSystemEntries(layout.Work(job)).Any())
        {
            Directory.Delete(layout.Work(job));
        }
    }

    /// <summary>
    /// Backends whose server was killed end by themselves soon after, and write until then. PostgreSQL writes its titles over
    /// their environment, so nothing but the folder that they work in tells whose they are.
    /// </summary>
    private async Task WaitForBackendsAsync(string data, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (ProcessTable.WorkIn(data))
        {
            if (clock.GetElapsedTime(began) > BackendsEnd)
            {
                throw new JobFailedException($"a process still works in {data}, so that it cannot be removed.");
            }

            await Task.Delay(Glance, clock, cancellationToken);
        }
    }

    private string Binaries =>
        SiteOptions.Read(layout)?.PostgresBinaries
        ?? PostgresBinaries.Find()
        ?? throw new JobFailedException("PostgreSQL's programs are not found on this machine.");

    private static Task<OsUser?> UserAsync(CancellationToken cancellationToken) =>
        OsUser.EnsureAsync(OsUser.Postgres, cancellationToken);

    private async Task<SideServer> MakeAsync(JobId job, CancellationToken cancellationToken)
    {
        await RemoveAsync(job, cancellationToken);
        var user = await UserAsync(cancellationToken);
        Folder.Passage(layout.WorkFolder);
        Folder.Passage(layout.Work(job));
        Folder.Passage(layout.SideCluster(job), user);
        var server = new SideServer(layout, Binaries, job, user);
        Folder.Private(server.Data, user);
        return server;
    }

    private static async Task AdmitOursAsync(SideServer server, CancellationToken cancellationToken)
    {
        await using (
            var session = await server.Postgres.OpenAsync(
                SitePostgres.Maintenance,
                SitePostgres.Superuser,
                cancellationToken
            )
        )
        {
            var roles = await session.QueryAsync(
                "select rolname::text from pg_roles where rolcanlogin and rolname <> $1 order by 1",
                [SitePostgres.Superuser],
                row => row.GetString(0),
                cancellationToken
            );
            server.Admit(Environment.UserName, roles);
        }

        await ReloadAsync(server.Postgres, cancellationToken);
    }

    private static async Task ReloadAsync(SitePostgres postgres, CancellationToken cancellationToken)
    {
        await using var session = await postgres.OpenAsync(
            SitePostgres.Maintenance,
            SitePostgres.Superuser,
            cancellationToken
        );
        await session.ScalarAsync<bool>("select pg_reload_conf()", [], cancellationToken);
    }
}
