using System.Text.Json.Serialization;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Copies;

/// <summary>Identifies a copy: <c>c-</c> and the time-ordered id in base 16.</summary>
[JsonConverter(typeof(NameConverter<CopyId>))]
public readonly record struct CopyId(string Value) : IName<CopyId>
{
    public static CopyId New(TimeProvider clock) => new($"c-{Guid.CreateVersion7(clock.GetUtcNow()):n}");

    public static CopyId Create(string value) => new(value);

    public override string ToString() => Value;
}
