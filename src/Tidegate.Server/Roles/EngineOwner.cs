using System.Globalization;

namespace Tidegate.Server.Roles;

/// <summary>
/// Names an engine process in leases and the ledger: <c>engine/&lt;boot&gt;/&lt;pid&gt;/&lt;start&gt;</c>. Who finds such
/// a name on the same boot of the same machine can tell whether its process still lives.
/// </summary>
internal static class EngineOwner
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    private static readonly string Boot = File.ReadAllText(BootIdFile).Trim()[..8];

    /// <summary>This process.</summary>
    public static string Mine { get; } =
        string.Create(
            CultureInfo.InvariantCulture,
            $"engine/{Boot}/{Environment.ProcessId}/{StartTicks(Environment.ProcessId)}"
        );

    /// <summary>True only when it is certain: a process of this boot that is gone or a zombie. A stopped one lives.</summary>
    public static bool IsDead(string owner) =>
        owner.Split('/') is ["engine", var boot, var pid, var start]
        && boot == Boot
        && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && StartTicks(id)?.ToString(CultureInfo.InvariantCulture) != start;

    /// <summary>Field 22 of <c>/proc/&lt;pid&gt;/stat</c> (proc(5)): a pid and its start are never given out twice in a boot.</summary>
    private static long? StartTicks(int pid)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null; // no such process
        }
    }
}
