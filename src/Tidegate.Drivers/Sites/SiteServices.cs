using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Sites;

/// <summary>Starts what a site has once, and waits until it answers. What runs is left as it is.</summary>
public sealed class SiteServices(SiteLayout layout, ProcessLauncher launcher, TimeProvider clock)
{
    private static readonly TimeSpan PostgresBound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReplayBound = TimeSpan.FromHours(24);
    private static readonly TimeSpan RoleBound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The cluster is made and configured by then. It returns when recovery from a crash is over and what the crash
    /// left of half-made databases is gone from the disk.
    /// </summary>
    /// <exception cref="ProcessStartException">It does not come up.</exception>
    public async Task StartPostgresAsync(SiteOptions options, CancellationToken cancellationToken)
    {
        var postgres = new PostgresServer(
            layout,
            options,
            await OsUser.EnsureAsync(OsUser.Postgres, cancellationToken)
        );
        var starts = launcher.Find(SiteProcesses.Postgres) is null;
        if (starts)
        {
            postgres.RemoveStaleLocks();
        }
        else
        {
            launcher.Send(SiteProcesses.Postgres, Signal.Hangup); // its configuration may be a newer version's
        }

        await StartAsync(
            postgres.Spec(),
            postgres.IsToReplay ? ReplayBound : PostgresBound,
            () => postgres.AnswersAsync(cancellationToken),
            cancellationToken
        );
        await SiteDatabase.PrepareAsync(layout.Cluster, cancellationToken);
        if (options.Control is null)
        {
            await SiteDatabase.PrepareControlAsync(layout.Cluster, cancellationToken);
        }

        if (starts)
        {
            await OrphanFolders.SweepAsync(layout.Cluster, layout.PostgresData, cancellationToken);
        }
    }

    /// <exception cref="ProcessStartException">It does not come up.</exception>
    public Task StartGatewayAsync(SiteOptions options, CancellationToken cancellationToken) =>
        StartRoleAsync(SiteSpecs.Gateway(layout, options), layout.GatewaySocket, cancellationToken);

    /// <exception cref="ProcessStartException">It does not come up.</exception>
    public Task StartControlPlaneAsync(CancellationToken cancellationToken) =>
        StartRoleAsync(SiteSpecs.ControlPlane(layout), layout.ServerSocket, cancellationToken);

    private Task StartRoleAsync(ProcessSpec spec, string socket, CancellationToken cancellationToken) =>
        StartAsync(spec, RoleBound, () => UnixSocket.AnswersAsync(socket, cancellationToken), cancellationToken);

    private async Task StartAsync(
        ProcessSpec spec,
        TimeSpan bound,
        Func<Task<bool>> isReady,
        CancellationToken cancellationToken
    )
    {
        var found = launcher.Find(spec.Name) is not null;
        await launcher.EnsureAsync(spec, cancellationToken);
        var deadline = clock.GetUtcNow() + bound;
        while (!await isReady())
        {
            if (launcher.Find(spec.Name) is null)
            {
                if (found)
                {
                    // It was already ending when it was found.
                    found = false;
                    await launcher.EnsureAsync(spec, cancellationToken);
                    continue;
                }

                throw new ProcessStartException(
                    $"{spec.Name} ended while it started; its log {spec.Log} ends with: {LogTail.Of(spec.Log)}"
                );
            }

            if (clock.GetUtcNow() > deadline)
            {
                throw new ProcessStartException(
                    $"{spec.Name} runs but did not answer within {bound.TotalSeconds} s; its log {spec.Log} ends with: {LogTail.Of(spec.Log)}"
                );
            }

            await Task.Delay(Glance, clock, cancellationToken);
        }
    }
}
