using System.Text.Json.Serialization;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.ControlPlane.Drills;

/// <summary>Identifies a drill: <c>d-</c> and the digits of the job that plays it, so that playing again is the same drill.</summary>
[JsonConverter(typeof(NameConverter<DrillId>))]
public readonly record struct DrillId(string Value) : IName<DrillId>
{
    public static DrillId Of(JobId job) => new($"d-{job.Value[2..]}");

    public static DrillId Create(string value) => new(value);

    public override string ToString() => Value;
}
