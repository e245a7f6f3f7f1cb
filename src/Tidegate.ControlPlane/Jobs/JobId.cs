using System.Text.Json.Serialization;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Jobs;

/// <summary>Identifies a job: <c>j-</c> and the time-ordered id in base 16.</summary>
[JsonConverter(typeof(NameConverter<JobId>))]
public readonly record struct JobId(string Value) : IName<JobId>
{
    public static JobId New(TimeProvider clock) => new($"j-{Guid.CreateVersion7(clock.GetUtcNow()):n}");

    /// <summary>The last 8 hexadecimal digits: what names made for this job end in (databases, folders, processes).</summary>
    public string Short => Value[^8..];

    public static JobId Create(string value) => new(value);

    public override string ToString() => Value;
}
