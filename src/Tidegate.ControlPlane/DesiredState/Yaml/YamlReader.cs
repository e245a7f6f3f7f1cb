using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Tidegate.ControlPlane.DesiredState.Yaml;

/// <summary>Reads the part of YAML that a fleet is written in: one document of maps, lists and texts, without anchors, aliases and tags.</summary>
/// <remarks>It never builds what it has not counted: nesting and the number of nodes are bounded, and an alias is refused, not followed.</remarks>
internal sealed class YamlReader
{
    /// <summary>How deep maps and lists may lie in each other. The deepest that a schema asks for is 3.</summary>
    public const int Deepest = 12;

    /// <summary>How many values a file may have.</summary>
    public const int MostNodes = 20_000;

    private readonly Parser events;
    private readonly DocumentProblems problems;
    private int nodes;

    private YamlReader(string text, DocumentProblems problems)
    {
        events = new Parser(new StringReader(text));
        this.problems = problems;
    }

    /// <summary>Null when the file cannot be read as YAML; the problems say why.</summary>
    public static YamlNode? Read(ReadOnlySpan<byte> content, DocumentProblems problems)
    {
        if (FileText.Read(content, problems) is not { } text)
        {
            return null;
        }

        var reader = new YamlReader(text, problems);
        try
        {
            return reader.Document();
        }
        catch (YamlException syntax)
        {
            problems.Add(Of(syntax.End), Sentence(syntax));
        }
        catch (StopException)
        {
            // A bound was passed, and said so: what lies behind it is not looked at.
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException)
        {
            // The parser's own state machine trips over some broken flow collections and escapes instead of reporting them.
            problems.Add(
                reader.events.Current is { } last ? Of(last.End) : Place.Start,
                "the YAML breaks off or is closed wrongly after this place."
            );
        }

        return null;
    }

    private YamlNode? Document()
    {
        Next(); // the stream's start
        if (Next() is StreamEnd)
        {
            problems.Add(Place.Start, "the file is empty.", "An object that has nothing to say is {}.");
            return null;
        }

        var root = Node(Next(), 0);
        Next(); // the document's end
        if (Next() is { } more and not StreamEnd)
        {
            problems.Add(Of(more.Start), "a second document begins here.", "Write one object a file.");
            return null;
        }

        return root;
    }

    private YamlNode Node(ParsingEvent begin, int depth)
    {
        if (++nodes > MostNodes)
        {
            Stop(begin, $"the file has more than {MostNodes} values.");
        }

        if (depth > Deepest)
        {
            Stop(begin, $"maps and lists lie more than {Deepest} deep in each other.");
        }

        if (begin is NodeEvent node && !IsBare(node))
        {
            // Read on, so that the other problems of the file are found too.
            _ = Content(begin, depth);
            return new YamlNode.Refused(Of(begin.Start));
        }

        return Content(begin, depth);
    }

    private YamlNode Content(ParsingEvent begin, int depth) =>
        begin switch
        {
            Scalar scalar => Text(scalar),
            SequenceStart => List(begin, depth),
            MappingStart => Map(begin, depth),
            _ => Alias(begin),
        };

    private YamlNode Text(Scalar scalar)
    {
        var hidden = scalar.Value.AsSpan().IndexOfAny(FileText.Controls);
        if (hidden < 0)
        {
            return new YamlNode.Text(Of(scalar.Start), scalar.Value, scalar.Style is ScalarStyle.Plain);
        }

        problems.Add(Of(scalar.Start), $"the text holds the character {Characters.Name(scalar.Value[hidden])}.");
        return new YamlNode.Refused(Of(scalar.Start));
    }

    private YamlNode.List List(ParsingEvent begin, int depth)
    {
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        for (var next = Next(); next is not SequenceEnd; next = Next())
        {
            items.Add(Node(next, depth + 1));
        }

        return new(Of(begin.Start), items.DrainToImmutable());
    }

    private YamlNode.Map Map(ParsingEvent begin, int depth)
    {
        var entries = ImmutableArray.CreateBuilder<YamlEntry>();
        var places = new Dictionary<string, Place>(StringComparer.Ordinal);
        for (var next = Next(); next is not MappingEnd; next = Next())
        {
            var key = Node(next, depth + 1);
            var value = Node(Next(), depth + 1);
            if (key is not YamlNode.Text { Value: var name })
            {
                if (key is not YamlNode.Refused)
                {
                    problems.Add(key.At, "a key is a word, not a list or a map.");
                }
            }
            else if (places.TryGetValue(name, out var first))
            {
                problems.Add(
                    key.At,
                    FormattableString.Invariant(
                        $"the key \"{Characters.Shown(name)}\" is here twice; the first is in line {first.Line}."
                    ),
                    "Keep one of them."
                );
            }
            else
            {
                places.Add(name, key.At);
                entries.Add(new(name, key.At, value));
            }
        }

        return new(Of(begin.Start), entries.DrainToImmutable());
    }

    private YamlNode.Refused Alias(ParsingEvent alias)
    {
        problems.Add(
            Of(alias.Start),
            "aliases (*name) are not read.",
            "Write the value itself; a text that begins with * goes into quotes."
        );
        return new(Of(alias.Start));
    }

    private bool IsBare(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
        {
            problems.Add(Of(node.Start), "anchors (&name) are not read.", "Write each value where it belongs.");
            return false;
        }

        if (!node.Tag.IsEmpty)
        {
            problems.Add(Of(node.Start), "tags (!name) are not read.", "Leave it away.");
            return false;
        }

        return true;
    }

    private ParsingEvent Next()
    {
        _ = events.MoveNext();
        return events.Current!;
    }

    private void Stop(ParsingEvent at, string what)
    {
        problems.Add(Of(at.Start), what);
        throw new StopException();
    }

    private static Place Of(Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    // "While scanning a quoted scalar, found unexpected end of stream.": the parser's sentence, as one of ours.
    private static string Sentence(YamlException syntax)
    {
        var said = syntax.Message.TrimEnd('.');
        return said.Length == 0
            ? "this is not YAML."
            : $"this is not YAML: {char.ToLowerInvariant(said[0])}{Characters.Shown(said)[1..]}.";
    }

    private sealed class StopException : Exception;
}
