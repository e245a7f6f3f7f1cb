using System.Globalization;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.DesiredState.Yaml;

namespace Tidegate.ControlPlane.DesiredState.Reading;

/// <summary>One file of a fleet after it was read: its object, or what is wrong with it. Holds nothing that depends on other files.</summary>
/// <param name="Object">Null where there is a problem.</param>
/// <param name="Count">How many problems there are; <paramref name="Problems"/> has the first.</param>
internal sealed record DesiredDocument(
    string Path,
    string Name,
    object? Object,
    IReadOnlyList<Reference> References,
    IReadOnlyList<FleetProblem> Problems,
    int Count
)
{
    private YamlNode? Root { get; init; }

    /// <summary>Never throws: whatever the bytes are, it is an object or problems.</summary>
    /// <param name="name">The stem of the file.</param>
    public static DesiredDocument Read(string path, string name, ObjectSchema schema, ReadOnlySpan<byte> content)
    {
        var problems = new DocumentProblems(path);
        var reading = new DocumentReading(name, problems);
        var root = YamlReader.Read(content, problems);
        var made = root is null ? null : schema.Read(root, reading);
        return new(path, name, problems.Count == 0 ? made : null, reading.References, problems.First, problems.Count)
        {
            Root = root,
        };
    }

    /// <summary>A file that is not read at all, and why.</summary>
    public static DesiredDocument Unread(FleetFile file, string name, string what, string? suggestion = null) =>
        new(file.Path, name, null, [], [new(file.Path, 1, 1, what, suggestion)], 1);

    public static DesiredDocument TooLarge(FleetFile file, string name) =>
        Unread(
            file,
            name,
            string.Create(
                CultureInfo.InvariantCulture,
                $"the file has {file.Bytes} bytes; one of more than {FleetLayout.LargestFile} is not read."
            )
        );

    /// <summary>Where a key's value is, or an item of it; the file's begin when it is not there.</summary>
    public Place PlaceOf(string key, int? item = null) =>
        (Root as YamlNode.Map)?.Find(key) switch
        {
            YamlNode.List list when item is { } index && index < list.Items.Length => list.Items[index].At,
            { } value => value.At,
            null => Place.Start,
        };

    /// <summary>Where a value is, by the keys and the numbers in lists that lead to it; the nearest that is there around it.</summary>
    public Place PlaceAt(params ReadOnlySpan<object> path)
    {
        var (place, node) = (Place.Start, Root);
        foreach (var step in path)
        {
            node = (node, step) switch
            {
                (YamlNode.Map map, string key) => map.Find(key),
                (YamlNode.List list, int item) when item < list.Items.Length => list.Items[item],
                _ => null,
            };
            place = node?.At ?? place;
        }

        return place;
    }

    /// <summary>Where a value within an item of a list is; the nearest that is there around it.</summary>
    public Place PlaceWithin(string key, int item, params ReadOnlySpan<string> within)
    {
        var place = PlaceOf(key, item);
        var node =
            (Root as YamlNode.Map)?.Find(key) is YamlNode.List list && item < list.Items.Length
                ? list.Items[item]
                : null;
        foreach (var inner in within)
        {
            node = (node as YamlNode.Map)?.Find(inner);
            place = node?.At ?? place;
        }

        return place;
    }
}
