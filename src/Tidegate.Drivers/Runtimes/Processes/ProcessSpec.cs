using System.Collections.Immutable;

namespace Tidegate.Drivers.Runtimes.Processes;

/// <summary>A process as it is wanted. There is at most one of a name in a home folder.</summary>
/// <param name="Name">Unique within the home folder: letters, digits, dots, hyphens.</param>
/// <param name="Argv">Program (absolute path) and arguments. Every user of the machine can read them: never a secret.</param>
/// <param name="Environment">The whole environment; nothing is inherited.</param>
/// <param name="Directory">Working directory.</param>
/// <param name="Log">Standard output and error are appended to this file.</param>
public sealed record ProcessSpec(
    string Name,
    ImmutableArray<string> Argv,
    ImmutableDictionary<string, string> Environment,
    string Directory,
    string Log
)
{
    /// <summary>The OS user and group of this name; null for the user that starts it.</summary>
    public string? User { get; init; }

    /// <summary>
    /// A file that says that the process is wanted. The child looks for it once it holds the name's lock and ends
    /// when it is gone, so that a starter that was frozen cannot bring back what was removed meanwhile.
    /// </summary>
    public string? WantedFile { get; init; }

    /// <summary>The fencing number under which it is started, for people who read the record.</summary>
    public long? Epoch { get; init; }
}
