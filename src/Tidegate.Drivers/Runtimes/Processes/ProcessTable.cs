using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Tidegate.Drivers.Runtimes.Processes;

/// <summary>One line of the kernel's table. <c>proc(5)</c> names the fields.</summary>
internal readonly record struct ProcessEntry(int Pid, char State, int Threads, long StartTicks)
{
    /// <summary>
    /// A zombie has ended and only waits to be read by its parent, unless it is a first thread that is already gone
    /// while others still hold the process's ports and locks.
    /// </summary>
    public bool IsAlive => State is not ('Z' or 'X') || Threads > 1;
}

/// <summary>A living process that carries a mark.</summary>
/// <param name="Mark"><c>&lt;home&gt;/&lt;name&gt;</c>.</param>
/// <param name="Leader">The pid of the process that holds the name; null while it is being born.</param>
internal readonly record struct MarkedProcess(ProcessEntry Process, string Mark, int? Leader)
{
    public bool IsLeader => Leader == Process.Pid;

    public bool IsBeingBorn => Leader is null;
}

/// <summary>Reads <c>/proc</c>. A process that ends while it is read is simply not there.</summary>
internal static class ProcessTable
{
    /// <summary>The environment variable by which a process says whose it is: <c>&lt;home&gt;/&lt;name&gt;</c>.</summary>
    public const string MarkVariable = "TIDEGATE_PROCESS";

    /// <summary>The environment variable in which the first process of a name passes its pid on to its children.</summary>
    public const string LeaderVariable = "TIDEGATE_LEADER";

    public static ProcessEntry? Find(int pid) =>
        Read($"/proc/{pid}/stat") is { Length: > 0 } stat ? Parse(pid, stat) : null;

    /// <summary>The arguments; empty once the process has ended.</summary>
    public static ImmutableArray<string> Arguments(int pid) =>
        Read($"/proc/{pid}/cmdline") is { Length: > 0 } line ? [.. line.TrimEnd('\0').Split('\0')] : [];

    /// <summary>Every living process whose mark begins so.</summary>
    public static IEnumerable<MarkedProcess> Marked(string prefix)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && Read($"/proc/{pid}/environ")?.Split('\0') is { } environment
                && Value(environment, MarkVariable) is { } mark
                && mark.StartsWith(prefix, StringComparison.Ordinal)
                && Find(pid) is { IsAlive: true } process
            )
            {
                yield return new(
                    process,
                    mark,
                    Value(environment, LeaderVariable) is { } leader ? Number(leader) : null
                );
            }
        }
    }

    /// <summary>Whether any process has this folder as its working directory.</summary>
    public static bool WorkIn(string folder) =>
        Directory
            .EnumerateDirectories("/proc")
            .Any(process =>
                WorkingDirectory(process) is { } current && string.Equals(current, folder, StringComparison.Ordinal)
            );

    private static string? WorkingDirectory(string process)
    {
        try
        {
            return File.ResolveLinkTarget(Path.Combine(process, "cwd"), returnFinalTarget: false)?.FullName;
        }
        catch (IOException)
        {
            return null; // no process, or it has ended
        }
        catch (UnauthorizedAccessException)
        {
            return null; // another user's
        }
    }

    private static string? Value(string[] environment, string name) =>
        environment
            .FirstOrDefault(entry => entry.StartsWith(name + "=", StringComparison.Ordinal))
            ?[(name.Length + 1)..];

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static ProcessEntry Parse(int pid, string stat)
    {
        // The program's name stands in parentheses and may itself hold spaces and parentheses.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return new(pid, fields[0][0], Number(fields[17]), long.Parse(fields[19], CultureInfo.InvariantCulture));
    }

    private static string? Read(string path)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(path));
        }
        catch (IOException)
        {
            return null; // it ended between the listing and the reading
        }
        catch (UnauthorizedAccessException)
        {
            return null; // another user's: not ours
        }
    }
}
