using System.Collections.Immutable;
using System.Globalization;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes.Processes;

/// <summary>
/// Runs a tool that works for minutes. It is a process of the site under a name of its own: whoever cleans up after a
/// killed server finds it and ends it, and so does <c>tidegate site down</c>.
/// </summary>
public sealed class LongCommands(SiteLayout layout, ProcessLauncher launcher, TimeProvider clock)
{
    private const int Killed = -1;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    // The exit code outlives us: $0 is there once the command has ended.
    private const string KeepExitCode = """
        "$@"; code=$?
        echo "$code" >"$0.draft" && mv -T "$0.draft" "$0"
        """;

    /// <summary>Runs it to its end; cancelled, nothing of it lives when this throws.</summary>
    /// <param name="name">Unique within the home folder.</param>
    /// <param name="folder">Where its log lies, <c>&lt;name&gt;.log</c>; the user must be able to write there.</param>
    /// <param name="line">Is given each line that it prints.</param>
    /// <returns>The exit code; -1 when it was killed.</returns>
    internal async Task<int> RunAsync(
        string name,
        ImmutableArray<string> argv,
        string folder,
        OsUser? user,
        Func<string, Task> line,
        CancellationToken cancellationToken
    )
    {
        await launcher.StopAsync(name, StopManner.AtOnce, cancellationToken);
        var (log, exit) = (Path.Combine(folder, $"{name}.log"), Path.Combine(folder, $"{name}.exit"));
        File.Delete(log);
        File.Delete(exit);
        try
        {
            await StartAsync(name, argv, folder, user, log, exit, cancellationToken);
            var follower = new LogFollower(log);
            while (true)
            {
                var lives = launcher.Find(name) is not null; // before the log is read: nothing is printed after
                foreach (var text in follower.NewLines(all: !lives))
                {
                    await line(text);
                }

                if (!lives)
                {
                    return AtomicFile.Read(exit) is { } code ? int.Parse(code, CultureInfo.InvariantCulture) : Killed;
                }

                await Task.Delay(Glance, clock, cancellationToken);
            }
        }
        finally
        {
            await launcher.StopAsync(name, StopManner.AtOnce, CancellationToken.None);
        }
    }

    /// <summary>Ends it, whoever started it. Nothing there is no error.</summary>
    internal Task StopAsync(string name, CancellationToken cancellationToken) =>
        launcher.StopAsync(name, StopManner.AtOnce, cancellationToken);

    private async Task StartAsync(
        string name,
        ImmutableArray<string> argv,
        string folder,
        OsUser? user,
        string log,
        string exit,
        CancellationToken cancellationToken
    )
    {
        var spec = new ProcessSpec(
            name,
            ["/bin/sh", "-c", KeepExitCode, exit, .. argv],
            ServerEnvironment.Variables,
            folder,
            log
        )
        {
            User = user?.Name,
            WantedFile = layout.UpFile,
        };
        try
        {
            await launcher.EnsureAsync(spec, cancellationToken);
        }
        catch (ProcessStartException) when (File.Exists(exit))
        {
            // It was done before anybody looked.
        }
    }
}
