using System.Text.Json.Serialization;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Objectives;

/// <summary>An objective's name, the stem of its file: <see cref="NameRules"/>.</summary>
[JsonConverter(typeof(NameConverter<ObjectiveName>))]
public readonly record struct ObjectiveName(string Value) : IName<ObjectiveName>
{
    public static ObjectiveName Create(string value) => new(value);

    public override string ToString() => Value;
}
