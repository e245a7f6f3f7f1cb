using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Cutover;

/// <summary>Processes that stand still and go on.</summary>
internal static class Freezing
{
    private const Signal Continue = (Signal)18;
    private const Signal Stop = (Signal)19;

    /// <summary>SIGSTOP: it stays where it is, between two instructions, with its connections open. It stands still when this returns.</summary>
    public static Task FreezeAsync(int pid, string who)
    {
        Native.Send(pid, Stop);
        return Eventually.IsTrueAsync(() => ProcessTable.Find(pid) is { State: 'T' }, $"{who} stands still");
    }

    /// <summary>SIGCONT.</summary>
    public static void Thaw(int pid) => Native.Send(pid, Continue);
}
