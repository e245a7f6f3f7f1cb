using System.Text.Json.Serialization;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>Identifies a rollout: <c>r-</c> and the time-ordered id in base 16; <c>h-</c> where it is a healing, <c>w-</c> where it is a way back.</summary>
[JsonConverter(typeof(NameConverter<RolloutId>))]
public readonly record struct RolloutId(string Value) : IName<RolloutId>
{
    public static RolloutId New(TimeProvider clock) => new($"r-{Guid.CreateVersion7(clock.GetUtcNow()):n}");

    public static RolloutId NewHealing(TimeProvider clock) => new($"h-{Guid.CreateVersion7(clock.GetUtcNow()):n}");

    public static RolloutId Create(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>Identifies an emergency: <c>e-</c> and 32 hexadecimal digits.</summary>
[JsonConverter(typeof(NameConverter<EmergencyId>))]
public readonly record struct EmergencyId(string Value) : IName<EmergencyId>
{
    public static EmergencyId New(TimeProvider clock) => new($"e-{Guid.CreateVersion7(clock.GetUtcNow()):n}");

    public static EmergencyId Create(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>Identifies one tenant's upgrade inside one rollout: <c>u-</c> and 32 hexadecimal digits.</summary>
[JsonConverter(typeof(NameConverter<UpgradeId>))]
public readonly record struct UpgradeId(string Value) : IName<UpgradeId>
{
    /// <summary>The last 8 hexadecimal digits: what names made for this upgrade end in (the checkpoint's database, folders).</summary>
    public string Short => Value[^8..];

    public static UpgradeId Create(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>The idempotency key of a step: <c>&lt;upgrade&gt;/&lt;kind&gt;</c>. The same id means the same effect, however often it runs.</summary>
public readonly record struct StepId(UpgradeId Upgrade, string Kind)
{
    public override string ToString() => $"{Upgrade}/{Kind}";
}
