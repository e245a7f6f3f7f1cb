using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Rehearsals;

/// <summary>Runs commands without a network, where the machine allows that.</summary>
internal static class NetworkIsolation
{
    public static string Script(SiteLayout layout) =>
        Path.Combine(BridgeFiles.Install(layout), "isolation", "tidegate_isolate.py");

    public static async Task<bool> IsPossibleAsync(SiteLayout layout, CancellationToken cancellationToken) =>
        (await Tool.RunAsync(SystemPython.Path, ["-I", Script(layout), "--check"], cancellationToken)).ExitCode == 0;
}
