using System.Collections.Immutable;
using System.Diagnostics;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.IntegrationTests.Runtimes;

/// <summary>A home folder with a launcher; whatever was started from it is gone at the end.</summary>
public sealed class LauncherHome : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    public LauncherHome() => Launcher = Another();

    public string Folder { get; } = Directory.CreateTempSubdirectory("tidegate-run-").FullName;

    public ProcessLauncher Launcher { get; }

    /// <summary>As a second control plane over the same home sees it.</summary>
    public ProcessLauncher Another() => new(Folder, Folder, TimeProvider.System);

    /// <summary>A process that runs a shell script.</summary>
    public ProcessSpec Shell(string name, string script) =>
        new(
            name,
            ["/bin/sh", "-c", script],
            ImmutableDictionary<string, string>.Empty.Add("PATH", "/usr/bin:/bin"),
            Folder,
            Path.Combine(Folder, $"{name}.log")
        );

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(Bound);
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, bound.Token);
        }
    }

    /// <summary>Alive, and no zombie.</summary>
    public static bool Lives(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    public static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in Launcher.Names())
        {
            await Launcher.StopAsync(name, StopManner.AtOnce, CancellationToken.None); // also when the test was cancelled
        }

        Directory.Delete(Folder, recursive: true);
    }
}
