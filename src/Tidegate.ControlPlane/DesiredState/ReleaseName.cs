using System.Text.Json.Serialization;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.DesiredState;

/// <summary>A release's name in a fleet repository, <c>2026.11.2</c>.</summary>
[JsonConverter(typeof(NameConverter<ReleaseName>))]
public readonly record struct ReleaseName(string Value) : IName<ReleaseName>
{
    public static ReleaseName Create(string value) => new(value);

    public override string ToString() => Value;
}
