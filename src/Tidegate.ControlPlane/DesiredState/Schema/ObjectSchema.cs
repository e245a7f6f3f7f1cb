using System.Collections.Immutable;
using Tidegate.ControlPlane.DesiredState.Yaml;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>Which keys an object has. Reading, writing, comparing, the published JSON Schemas and the document for operators all come from here.</summary>
/// <param name="Noun"><c>tenant</c>.</param>
/// <param name="Description">What the object is, for people.</param>
/// <param name="Keys">In the order in which they are written.</param>
/// <param name="Bind">Makes the object of values that were read.</param>
internal sealed record ObjectSchema(
    string Noun,
    string Description,
    ImmutableArray<Key> Keys,
    Func<Values, object> Bind
)
{
    private readonly string[] names = [.. Keys.Select(key => key.Name)];

    /// <summary>What must hold between the keys of one object: asked when each of them could be read. Null asks nothing.</summary>
    public Func<Values, KeyProblem?>? Check { get; init; }

    /// <summary>The object, or null after a problem was added.</summary>
    public object? Read(YamlNode node, DocumentReading reading)
    {
        if (node is not YamlNode.Map map)
        {
            if (node is not YamlNode.Refused)
            {
                reading.Problems.Add(node.At, $"{Nouns.A(Noun)} is a map of keys and values.");
            }

            return null;
        }

        var before = reading.Problems.Count;
        var values = new object?[Keys.Length];
        foreach (var entry in map.Entries)
        {
            var index = Array.IndexOf(names, entry.Key);
            if (index < 0)
            {
                reading.Problems.Add(entry.At, Unknown(entry.Key), Meant(entry.Key));
            }
            else
            {
                values[index] = Keys[index].Kind.Read(entry.Value, entry.Key, reading);
            }
        }

        foreach (var missing in Keys.Where(key => key.IsRequired && map.Find(key.Name) is null))
        {
            reading.Problems.Add(map.At, $"the {Noun} has no {missing.Name}.", $"It is {missing.Kind.Words}.");
        }

        if (reading.Problems.Count > before)
        {
            return null;
        }

        var read = new Values(reading.Name, this, values, map);
        if (Check?.Invoke(read) is { } problem)
        {
            var at = problem.Key is { } key && map.Find(key) is { } value ? value.At : map.At;
            reading.Problems.Add(at, problem.What, problem.Suggestion);
            return null;
        }

        return Bind(read);
    }

    /// <summary>Every key with its value, defaults filled in; what has none is left out.</summary>
    public IEnumerable<(Key Key, object Value)> Pairs(object from)
    {
        foreach (var key in Keys)
        {
            if ((key.Get(from) ?? key.Default) is { } value)
            {
                yield return (key, value);
            }
        }
    }

    private string Unknown(string key) =>
        key == "<<" ? "merge keys (<<) are not read."
        : Keys.IsEmpty ? $"{Nouns.A(Noun)} has no keys; \"{Characters.Shown(key)}\" is unknown."
        : $"{Nouns.A(Noun)} has no key \"{Characters.Shown(key)}\".";

    private string? Meant(string key) =>
        Keys.IsEmpty ? null
        : key == "<<" ? "Write each value where it belongs."
        : Characters.Foreign(key) is { } foreign ? foreign
        : Suggestions.NearestOrAll(key, names);
}

/// <summary>What was read for an object's keys.</summary>
/// <param name="map">From which it was read.</param>
internal sealed class Values(string name, ObjectSchema schema, object?[] values, YamlNode.Map map)
{
    /// <summary>The object's name, the stem of its file.</summary>
    public string Name { get; } = name;

    /// <summary>Where the object begins in its file.</summary>
    public Place At => map.At;

    /// <summary>On which line each key stands that the file says: <c>soak</c>, and what is said of a map, <c>gates.validation</c>.</summary>
    public ImmutableSortedDictionary<string, int> Lines() =>
        LinesOf(map, "").ToImmutableSortedDictionary(line => line.Key, line => line.Line, StringComparer.Ordinal);

    /// <summary>Whether the file says it.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>The value, or the key's default.</summary>
    public T Of<T>(string key) => (T)(Find(key) ?? schema.Keys[IndexOf(key)].Default)!;

    /// <summary>The value, or null when the file does not say.</summary>
    public T? Said<T>(string key)
        where T : struct => (T?)Find(key);

    /// <summary>The text, or null when the file does not say.</summary>
    public string? Text(string key) => (string?)Find(key);

    /// <summary>The items of a list, none when the file does not say.</summary>
    public ImmutableArray<T> Items<T>(string key) =>
        Find(key) is ImmutableArray<object> items ? [.. items.Cast<T>()] : [];

    private static IEnumerable<(string Key, int Line)> LinesOf(YamlNode.Map map, string prefix) =>
        map.Entries.SelectMany(entry =>
            (entry.Value is YamlNode.Map below ? LinesOf(below, $"{prefix}{entry.Key}.") : []).Prepend(
                ($"{prefix}{entry.Key}", entry.At.Line)
            )
        );

    private object? Find(string key) => values[IndexOf(key)];

    private int IndexOf(string key)
    {
        for (var index = 0; index < schema.Keys.Length; index++)
        {
            if (schema.Keys[index].Name == key)
            {
                return index;
            }
        }

        throw new KeyNotFoundException($"The schema of a {schema.Noun} has no key {key}.");
    }
}

/// <summary>What is wrong between the keys of an object.</summary>
/// <param name="Key">Whose value it is about, or null for the whole object.</param>
/// <param name="What">One sentence.</param>
internal sealed record KeyProblem(string? Key, string What, string? Suggestion = null);
