using System.Collections.Immutable;

namespace Tidegate.Drivers.Runtimes.Processes;

/// <summary>What is known of a started process, as stored in <c>run/&lt;name&gt;.json</c>.</summary>
/// <param name="StartTicks">Field 22 of <c>/proc/&lt;pid&gt;/stat</c>: together with the pid it names one process for as long as the machine is up.</param>
public sealed record ProcessRecord(
    string Name,
    int Pid,
    long StartTicks,
    ImmutableArray<string> Argv,
    DateTimeOffset StartedAt,
    long? Epoch
);
