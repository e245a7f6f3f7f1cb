using System.Globalization;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Odoo;

/// <summary>Migrates in a process of its own, <c>odoo -u … --stop-after-init</c>: slower, and needs no fork server.</summary>
/// <remarks>
/// The process outlives a control plane like any other of the site. A shell around it writes the result, since nobody
/// else may be there to see its end; the name of the process is the database's, so two can never work on one.
/// </remarks>
internal sealed class ProcessMigrator(
    Func<PoolName, ReleaseDigest, CancellationToken, Task<ProcessSpec>> command,
    ProcessLauncher launcher,
    TimeProvider clock
) : IMigrator
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    // Arguments: result file, job id, then the command. `times` prints what the shell and its children used, in the
    // form 0m1.234s, and says nothing of them in a pipe, which is a shell of its own. A signal n is exit code 128 + n.
    private const string Wrapper = """
        result=$1 id=$2; shift 2
        mkdir -p "$(dirname "$result")"
        began=$(date +%s.%N)
        "$@"
        code=$?
        ended=$(date +%s.%N)
        times >"$result.times"
        used=$(tail -n 1 "$result.times" | sed 's/[ms]/ /g' | awk '{ printf "%.3f", $1 * 60 + $2 + $3 * 60 + $4 }')
        wall=$(echo "$began $ended" | awk '{ printf "%.3f", $2 - $1 }')
        if [ $code -gt 128 ] && [ $code -lt 255 ]; then exit=null signal=$((code - 128)); else exit=$code signal=null; fi
        printf '{"id":"%s","exit":%s,"signal":%s,"wall_s":%s,"cpu_s":%s,"peak_mb":null,"value":null}\n' \
            "$id" "$exit" "$signal" "$wall" "$used" >"$result.new" && rm -f "$result.times" && mv "$result.new" "$result"
        """;

    public async Task<JobResult> MigrateAsync(MigrationRequest request, CancellationToken cancellationToken)
    {
        if (await JobResult.FindAsync(request.Files.Result, cancellationToken) is { } earlier)
        {
            return earlier;
        }

        var name = Name(request.Database);
        try
        {
            await launcher.EnsureAsync(await SpecAsync(request, cancellationToken), cancellationToken);
        }
        catch (ProcessStartException failure)
        {
            throw new MigratorUnreachableException(failure.Message, failure);
        }

        while (launcher.Find(name) is not null)
        {
            await Task.Delay(Glance, clock, cancellationToken);
        }

        return await JobResult.FindAsync(request.Files.Result, cancellationToken)
            ?? new(request.Id, Exit: null, Signal: null, WallS: null, CpuS: null, PeakMb: null);
    }

    public Task EndAsync(
        PoolName pool,
        ReleaseDigest release,
        string database,
        long epoch,
        CancellationToken cancellationToken
    ) =>
        launcher.Find(Name(database)) is { Epoch: { } begun } && begun > epoch
            ? Task.CompletedTask
            : launcher.StopAsync(Name(database), StopManner.AtOnce, cancellationToken);

    private async Task<ProcessSpec> SpecAsync(MigrationRequest request, CancellationToken cancellationToken)
    {
        var migrator = await command(request.Files.Pool, request.Files.Release, cancellationToken);
        return migrator with
        {
            Name = Name(request.Database),
            Argv =
            [
                "/bin/sh",
                "-c",
                Wrapper,
                "sh",
                request.Files.Result,
                request.Id,
                .. migrator.Argv,
                "-d",
                request.Database,
                "-u",
                string.Join(',', request.Modules),
                "--stop-after-init",
                "--no-http",
                "--workers=0",
                "--max-cron-threads=0",
                "--limit-memory-hard=0", // else RLIMIT_AS turns a big migration into a MemoryError
                "--log-handler=odoo.schema:DEBUG",
                $"--logfile={request.Files.Log}",
                string.Create(CultureInfo.InvariantCulture, $"--db_app_name=tidegate:{request.Tenant}:{request.Epoch}"),
            ],
            Epoch = request.Epoch,
        };
    }

    private static string Name(string database) => $"update.{database}";
}
