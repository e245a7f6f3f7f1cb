using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CsCheck;
using Tidegate.ControlPlane.Catalog.Python;

namespace Tidegate.Tests.Catalog;

public sealed class PythonLiteralTests
{
    private const string Signs = "{}[]()'\"\\rb#\n,:1e-x ";

    private static readonly PythonPosition Nowhere = new(0, 0);

    private static readonly Gen<PythonValue> Leaf = Gen.OneOf(
        Gen.String.Select(text => (PythonValue)new PythonValue.Text(text)),
        Gen.Long.Select(number => (PythonValue)new PythonValue.Integer(number)),
        Gen.Double.Where(double.IsFinite).Select(number => (PythonValue)new PythonValue.Real(number)),
        Gen.Bool.Select(truth => (PythonValue)new PythonValue.Truth(truth)),
        Gen.Byte.Array[0, 5].Select(bytes => (PythonValue)new PythonValue.Bytes([.. bytes])),
        Gen.Const((PythonValue)new PythonValue.None())
    );

    private static readonly Gen<PythonValue> Any = Gen.Recursive<PythonValue>(
        (depth, inner) =>
        {
            var items = inner.Array[0, 3].Select(values => values.Select(Node).ToImmutableArray());
            return depth > 3
                ? Leaf
                : Gen.OneOf(
                    Leaf,
                    items.Select(list => (PythonValue)new PythonValue.List(list)),
                    items.Select(tuple => (PythonValue)new PythonValue.Tuple(tuple)),
                    items.Select(map =>
                        (PythonValue)new PythonValue.Map([.. map.Select(node => new PythonEntry(node, node))])
                    )
                );
        }
    );

    [Fact]
    public void Whatever_is_written_as_a_literal_is_read_back_the_same() =>
        Any.Sample(value => Assert.Equal(Written(value), Written(Read(Written(value)))), iter: 500);

    [Fact]
    public void No_text_makes_the_reader_fail_otherwise_than_by_saying_where() =>
        Gen.Int[0, Signs.Length - 1]
            .Select(index => Signs[index])
            .Array[0, 30]
            .Select(signs => new string(signs))
            .Sample(text =>
                Assert.True(
                    PythonLiteral.Parse(text) is PythonLiteral.Read or PythonLiteral.Wrong { Message.Length: > 0 }
                )
            );

    [Theory]
    [InlineData("'a' \"b\"", "'ab'")]
    [InlineData("r'\\d'", @"'\\d'")]
    [InlineData("u'x'", "'x'")]
    [InlineData("'''a\n'b''c'''", @"'a\u000a\u0027b\u0027\u0027c'")]
    [InlineData(@"'\x41\101\u00e9\U0001F600\q'", @"'AA\u00e9\ud83d\ude00\\q'")]
    [InlineData("'a\\\nb'", "'ab'")]
    [InlineData("(1)", "1")]
    [InlineData("(1,)", "(1,)")]
    [InlineData("()", "()")]
    [InlineData("{1, 2,}", "{1, 2}")]
    [InlineData("set()", "set()")]
    [InlineData("0x_ff", "255")]
    [InlineData("-1_000.5e-1", "-100.05")]
    [InlineData("# first\n{ # open\n'a': [ True,\n None ], }\n# last\n", "{'a': [True, None]}")]
    [InlineData("{'a':\r\n1}", "{'a': 1}")]
    public void Python_s_ways_of_writing_a_value_are_understood(string text, string expected) =>
        Assert.Equal(expected, Written(Read(text)));

    [Theory]
    [InlineData("{'a': foo()}", 1, 7, "data, not code")]
    [InlineData("{'a': 1\n 'b': 2}", 2, 2, "\",\" or \"}\" is missing")]
    [InlineData("{\n  'a': 'open\n}", 2, 8, "not closed")]
    [InlineData("[1, f'{x}']", 1, 5, "f-string")]
    [InlineData("{'a': 1} + {}", 1, 10, "more after the value")]
    [InlineData("", 1, 1, "missing")]
    [InlineData("010", 1, 1, "not a number")]
    [InlineData("{'a'", 1, 5, "missing")]
    [InlineData("{'a': 1, 'b'}", 1, 13, "\":\" is missing")]
    public void What_is_no_literal_is_refused_with_its_place(string text, int line, int column, string message)
    {
        var wrong = Assert.IsType<PythonLiteral.Wrong>(PythonLiteral.Parse(text));

        Assert.Equal(new PythonPosition(line, column), wrong.At);
        Assert.Contains(message, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_open_brackets_are_an_error_and_no_crash() =>
        Assert.IsType<PythonLiteral.Wrong>(PythonLiteral.Parse(new string('[', 10_000)));

    private static PythonNode Node(PythonValue value) => new(value, Nowhere);

    private static PythonValue Read(string text) =>
        Assert.IsType<PythonLiteral.Read>(PythonLiteral.Parse(text)).Root.Value;

    private static string Written(PythonValue value) =>
        value switch
        {
            PythonValue.Text text => $"'{Escaped(text.Value)}'",
            PythonValue.Bytes bytes => $"b'{string.Concat(bytes.Value.Select(single => $"\\x{single:x2}"))}'",
            PythonValue.Integer number => number.Value.ToString(CultureInfo.InvariantCulture),
            PythonValue.Real real => real.Value.ToString("R", CultureInfo.InvariantCulture) is var digits
            && digits.AsSpan().IndexOfAny('.', 'E') < 0
                ? $"{digits}.0"
                : digits,
            PythonValue.Truth truth => truth.Value ? "True" : "False",
            PythonValue.None => "None",
            PythonValue.List list => $"[{Written(list.Items)}]",
            PythonValue.Tuple { Items: [var only] } => $"({Written(only.Value)},)",
            PythonValue.Tuple tuple => $"({Written(tuple.Items)})",
            PythonValue.Set { Items.IsEmpty: true } => "set()",
            PythonValue.Set set => $"{{{Written(set.Items)}}}",
            PythonValue.Map map =>
                $"{{{string.Join(", ", map.Entries.Select(entry => $"{Written(entry.Key.Value)}: {Written(entry.Value.Value)}"))}}}",
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static string Written(ImmutableArray<PythonNode> items) =>
        string.Join(", ", items.Select(item => Written(item.Value)));

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (var character in text)
        {
            _ = character switch
            {
                '\\' => escaped.Append(@"\\"),
                '\'' or < ' ' or > '~' => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }
}
