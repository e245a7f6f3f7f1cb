using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tidegate.ControlPlane.Fleet;

/// <summary>A name that people type. It is text in JSON, a parameter in SQL, and nothing else anywhere.</summary>
public interface IName<TSelf>
    where TSelf : struct, IName<TSelf>
{
    string Value { get; }

    static abstract TSelf Create(string value);
}

/// <summary>A tenant's name, <c>shop-oslo</c>: <see cref="NameRules"/>.</summary>
[JsonConverter(typeof(NameConverter<TenantName>))]
public readonly record struct TenantName(string Value) : IName<TenantName>
{
    public static TenantName Create(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>A pool's name, <c>shared</c>: <see cref="NameRules"/>.</summary>
[JsonConverter(typeof(NameConverter<PoolName>))]
public readonly record struct PoolName(string Value) : IName<PoolName>
{
    public static PoolName Create(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>A site's name, <c>local</c>: <see cref="NameRules"/>.</summary>
[JsonConverter(typeof(NameConverter<SiteName>))]
public readonly record struct SiteName(string Value) : IName<SiteName>
{
    public static SiteName Create(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>An environment's name, <c>production</c>: <see cref="NameRules"/>.</summary>
[JsonConverter(typeof(NameConverter<EnvironmentName>))]
public readonly record struct EnvironmentName(string Value) : IName<EnvironmentName>
{
    public static EnvironmentName Create(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>Reads and writes a name as a JSON string, also as the key of an object.</summary>
public sealed class NameConverter<TName> : JsonConverter<TName>
    where TName : struct, IName<TName>
{
    public override TName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TName.Create(reader.GetString() ?? throw new JsonException($"{typeToConvert.Name} is a string."));

    public override void Write(Utf8JsonWriter writer, TName value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);

    public override TName ReadAsPropertyName(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) => TName.Create(reader.GetString() ?? throw new JsonException($"{typeToConvert.Name} is a string."));

    public override void WriteAsPropertyName(Utf8JsonWriter writer, TName value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.Value);
}
