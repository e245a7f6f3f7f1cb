using System.Diagnostics;
using Tidegate.ControlPlane.Objectives;
using Tidegate.Drivers.Drills.Runbooks;
using Tidegate.Drivers.Sites;

namespace Tidegate.TestKit;

/// <summary>Does what a runbook says as it is printed, by a shell.</summary>
internal static class ByHand
{
    private const string Afterwards = "Afterwards";

    /// <summary>Every block of commands as it is printed, one after the other; the first that fails ends it.</summary>
    public static async Task FollowAsync(
        SiteLayout layout,
        DrillScenario scenario,
        params (string Name, string Value)[] said
    )
    {
        await FollowStepsAsync(layout, scenario, said);
        await FollowAfterwardsAsync(layout, scenario, said);
    }

    /// <summary>The steps alone: what is recovered can be looked at then.</summary>
    public static Task FollowStepsAsync(
        SiteLayout layout,
        DrillScenario scenario,
        params (string Name, string Value)[] said
    ) => FollowAsync(layout, scenario, heading => heading != Afterwards, said);

    public static Task FollowAfterwardsAsync(
        SiteLayout layout,
        DrillScenario scenario,
        params (string Name, string Value)[] said
    ) => FollowAsync(layout, scenario, heading => heading == Afterwards, said);

    private static async Task FollowAsync(
        SiteLayout layout,
        DrillScenario scenario,
        Func<string, bool> isMeant,
        (string Name, string Value)[] said
    )
    {
        var filled = Runbook.Of(scenario)!.Fill(RunbookFacts.Read(layout)!);
        foreach (var (heading, commands) in Runbook.Commands(filled).Where(block => isMeant(block.Heading)))
        {
            var (exit, output) = await ShellAsync(commands, said);
            Assert.True(exit == 0, $"{heading}\n{output}");
        }
    }

    public static async Task<(int Exit, string Output)> ShellAsync(
        string commands,
        params (string Name, string Value)[] said
    )
    {
        // Not its output's pipe: a server that it starts would keep that open.
        var log = Path.GetTempFileName();
        var start = new ProcessStartInfo("/bin/bash") { UseShellExecute = false, WorkingDirectory = "/" };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"exec >'{log}' 2>&1 </dev/null; set -euo pipefail\n{commands}");
        foreach (var (name, value) in said)
        {
            start.Environment[name] = value;
        }

        try
        {
            using var shell = Process.Start(start)!;
            await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (shell.ExitCode, await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(log);
        }
    }
}
