using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Tidegate.Drivers.Runtimes.Processes;

/// <summary>Starts, finds and ends the processes of one home folder. They outlive whoever started them.</summary>
/// <remarks>
/// A started process leads its own session, carries its name in the environment variable
/// <see cref="ProcessTable.MarkVariable"/>, and holds the lock <c>run/&lt;name&gt;.lock</c> for its whole life. The
/// lock belongs to the process and not to its starter: of two starters one wins, a starter that is killed leaves
/// nothing locked, and one that was frozen finds the name taken when it wakes. The record is only a shortcut: a
/// process without one is found by its mark.
/// </remarks>
public sealed class ProcessLauncher
{
    private const int NameTaken = 75;
    private const int NoLongerWanted = 76;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(10);

    // As ourselves. Arguments: lock, wanted file or "", then the command.
    private const string TakeName = """
        umask 077
        exec 9>"$1" && flock -n 9 || exit 75
        [ -z "$2" ] || [ -e "$2" ] || exit 76
        shift 2
        exec "$@"
        """;

    // As the process's user, who may own the log's folder: what it put there in place of the log is opened with its
    // own rights and not with ours. Arguments: log, then the command.
    private const string OpenLog = """
        umask 077
        exec >>"$1" 2>&1 </dev/null || exit 77
        shift
        TIDEGATE_LEADER=$$ exec "$@"
        """;

    private readonly string _folder;
    private readonly string _mark;
    private readonly TimeProvider _clock;

    /// <param name="home">The home folder; its path is part of every mark.</param>
    /// <param name="runFolder">Where records and locks lie; it must exist.</param>
    public ProcessLauncher(string home, string runFolder, TimeProvider clock)
    {
        _folder = runFolder;
        _mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(home)))[..12] + "/";
        _clock = clock;
    }

    /// <summary>The process that has this name and lives, or null. One that nobody recorded is recorded now.</summary>
    public ProcessRecord? Find(string name)
    {
        if (LastRecord(name) is { } record && Lives(record))
        {
            return record;
        }

        return
            Members(name)
                .Where(member => member.IsLeader)
                .Select(leader => (ProcessEntry?)leader.Process)
                .FirstOrDefault()
                is { } unrecorded
            ? Record(name, unrecorded, ProcessTable.Arguments(unrecorded.Pid), epoch: null)
            : null;
    }

    /// <summary>The last process that was recorded under this name, alive or not.</summary>
    public ProcessRecord? LastRecord(string name) =>
        AtomicFile.Read(RecordFile(name)) is { } text
            ? JsonSerializer.Deserialize<ProcessRecord>(text, JsonSerializerOptions.Web)
            : null;

    /// <summary>Names of all living processes of the home folder, also of those that nobody recorded.</summary>
    public IReadOnlySet<string> Names() =>
        ProcessTable.Marked(_mark).Select(found => found.Mark[_mark.Length..]).ToHashSet(StringComparer.Ordinal);

    /// <summary>Makes sure that the process runs: the one that does, or a new one after what an ended one left is gone.</summary>
    /// <exception cref="ProcessStartException">It did not start; the message says what came back.</exception>
    public async Task<ProcessRecord> EnsureAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        var deadline = _clock.GetUtcNow() + StartBound;
        while (true)
        {
            if (Find(spec.Name) is { } running)
            {
                return running;
            }

            KillOrphans(spec.Name);
            if (await TryStartAsync(spec, cancellationToken) is { } started)
            {
                return started;
            }

            // The name is taken by a starter that was quicker, or by children of an ended process that are still going.
            if (_clock.GetUtcNow() > deadline)
            {
                throw new ProcessStartException(
                    $"{spec.Name} does not start: another process holds {LockFile(spec.Name)}. See who with: fuser {LockFile(spec.Name)}"
                );
            }

            await Task.Delay(Glance, _clock, cancellationToken);
        }
    }

    /// <summary>Asks the process to end, and after the bound kills it with everything it started. Nothing of it lives when this returns.</summary>
    /// <param name="name">Nothing of this name running is no error.</param>
    public Task StopAsync(string name, StopManner manner, CancellationToken cancellationToken) =>
        StopAsync(name, manner, isWantedAgain: () => false, cancellationToken);

    /// <summary>
    /// The same for a process that somebody may want again meanwhile, and start again under its name: that one is left
    /// alone, also by one who was frozen while it stopped the last.
    /// </summary>
    internal async Task StopAsync(
        string name,
        StopManner manner,
        Func<bool> isWantedAgain,
        CancellationToken cancellationToken
    )
    {
        // Always looked for first and asked about afterwards: who was found then cannot be the new one.
        if (Find(name) is { } running && !isWantedAgain())
        {
            Native.Send(running.Pid, manner.Ask);
        }

        var deadline = _clock.GetUtcNow() + manner.Bound;
        while (Members(name).Any() && _clock.GetUtcNow() < deadline)
        {
            await Task.Delay(Glance, _clock, cancellationToken);
        }

        while (Members(name).ToList() is var members && (members.Count > 0 || Find(name) is not null))
        {
            if (isWantedAgain())
            {
                return;
            }

            Kill(members);
            await Task.Delay(Glance, _clock, cancellationToken);
        }

        File.Delete(RecordFile(name));
    }

    /// <summary>Sends a signal to the process if it lives.</summary>
    internal void Send(string name, Signal signal)
    {
        if (Find(name) is { } running)
        {
            Native.Send(running.Pid, signal);
        }
    }

    private static bool Lives(ProcessRecord record) =>
        ProcessTable.Find(record.Pid) is { IsAlive: true } process && process.StartTicks == record.StartTicks;

    private IEnumerable<MarkedProcess> Members(string name) =>
        ProcessTable.Marked(_mark + name).Where(found => found.Mark.Length == _mark.Length + name.Length);

    /// <summary>Ends what an ended process left. One that is being born needs no starter any more and is left alone.</summary>
    private void KillOrphans(string name)
    {
        var members = Members(name).ToList();
        if (!members.Exists(member => member.IsLeader))
        {
            Kill(members.Where(member => !member.IsBeingBorn));
        }
    }

    private static bool Kill(IEnumerable<MarkedProcess> members)
    {
        var any = false;
        foreach (var member in members)
        {
            any = true;
            Native.Send(member.Process.Pid, Signal.Kill);
        }

        return any;
    }

    private async Task<ProcessRecord?> TryStartAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        using var child =
            Process.Start(StartInfo(spec)) ?? throw new ProcessStartException($"{spec.Name} does not start.");
        while (!child.HasExited)
        {
            if (Members(spec.Name).Any(member => member.IsLeader && member.Process.Pid == child.Id))
            {
                // Recorded already: we were frozen after the start, and others have found the process meanwhile.
                return LastRecord(spec.Name) is { } known && Lives(known) && known.Epoch == spec.Epoch
                    ? known
                    : Record(spec.Name, ProcessTable.Find(child.Id)!.Value, spec.Argv, spec.Epoch);
            }

            await Task.Delay(Glance, _clock, cancellationToken);
        }

        return child.ExitCode switch
        {
            NameTaken => null,
            NoLongerWanted => throw new ProcessStartException(
                $"{spec.Name} is no longer wanted: {spec.WantedFile} is gone."
            ),
            var code => throw new ProcessStartException(
                $"{spec.Name} ended at once with exit code {code}: {await child.StandardError.ReadToEndAsync(cancellationToken)}{LogTail.Of(spec.Log)}"
            ),
        };
    }

    private ProcessStartInfo StartInfo(ProcessSpec spec)
    {
        string[] asUser = spec.User is { } user
            ? ["/usr/bin/setpriv", $"--reuid={user}", $"--regid={user}", "--init-groups", "--no-new-privs", "--"]
            : [];
        var start = new ProcessStartInfo(
            "/usr/bin/setsid",
            [
                "/bin/sh",
                "-c",
                TakeName,
                "sh",
                LockFile(spec.Name),
                spec.WantedFile ?? "",
                .. asUser,
                "/bin/sh",
                "-c",
                OpenLog,
                "sh",
                spec.Log,
                .. spec.Argv,
            ]
        )
        {
            WorkingDirectory = spec.Directory,
            UseShellExecute = false,
            // Pipes only until the wrapper has opened the log: what fails before that can be read.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (key, value) in spec.Environment)
        {
            start.Environment[key] = value;
        }

        start.Environment[ProcessTable.MarkVariable] = _mark + spec.Name;
        return start;
    }

    private ProcessRecord Record(string name, ProcessEntry leader, ImmutableArray<string> argv, long? epoch)
    {
        var record = new ProcessRecord(name, leader.Pid, leader.StartTicks, argv, _clock.GetUtcNow(), epoch);
        AtomicFile.Write(RecordFile(name), JsonSerializer.Serialize(record, JsonSerializerOptions.Web));
        return record;
    }

    private string RecordFile(string name) => Path.Combine(_folder, $"{name}.json");

    private string LockFile(string name) => Path.Combine(_folder, $"{name}.lock");
}
