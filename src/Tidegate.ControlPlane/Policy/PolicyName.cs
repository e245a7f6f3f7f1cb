using System.Text.Json.Serialization;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Policy;

/// <summary>A policy's name, <c>careful</c>: <see cref="NameRules"/>.</summary>
[JsonConverter(typeof(NameConverter<PolicyName>))]
public readonly record struct PolicyName(string Value) : IName<PolicyName>
{
    public static PolicyName Create(string value) => new(value);

    public override string ToString() => Value;
}
