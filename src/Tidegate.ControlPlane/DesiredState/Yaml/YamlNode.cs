using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Tidegate.ControlPlane.DesiredState.Yaml;

/// <summary>Where something begins in a file, counted from 1; columns in characters.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Place(int Line, int Column)
{
    public static Place Start { get; } = new(1, 1);
}

/// <summary>What a file says, with the place of everything.</summary>
internal abstract class YamlNode
{
    private YamlNode(Place at) => At = at;

    public Place At { get; }

    /// <param name="isPlain">Written without quotes, so that it may mean a number or a truth value.</param>
    public sealed class Text(Place at, string value, bool isPlain) : YamlNode(at)
    {
        public string Value { get; } = value;

        public bool IsPlain { get; } = isPlain;
    }

    public sealed class List(Place at, ImmutableArray<YamlNode> items) : YamlNode(at)
    {
        public ImmutableArray<YamlNode> Items { get; } = items;
    }

    public sealed class Map(Place at, ImmutableArray<YamlEntry> entries) : YamlNode(at)
    {
        public ImmutableArray<YamlEntry> Entries { get; } = entries;

        /// <summary>Null when the key is not there.</summary>
        public YamlNode? Find(string key)
        {
            foreach (var entry in Entries)
            {
                if (entry.Key == key)
                {
                    return entry.Value;
                }
            }

            return null;
        }
    }

    /// <summary>Stands where something was that is refused already; nothing more is said about it.</summary>
    public sealed class Refused(Place at) : YamlNode(at);
}

/// <param name="Key">The key.</param>
/// <param name="At">Where the key begins.</param>
internal sealed record YamlEntry(string Key, Place At, YamlNode Value);
