using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Catalog.Python;

/// <summary>Recursive descent over one literal.</summary>
internal sealed class PythonParser(PythonCursor cursor, bool names)
{
    // Python's own parser stops near 100 nested brackets; a hostile file must not reach our stack.
    private const int DeepestNesting = 100;

    private int depth;

    public PythonNode Parse(bool whole)
    {
        cursor.SkipSpace(lines: true);
        var root = Value();
        if (whole)
        {
            cursor.SkipSpace(lines: true);
            if (!cursor.IsAtEnd)
            {
                throw cursor.Wrong($"there is more after the value, beginning with \"{cursor.Current}\"");
            }
        }

        return root;
    }

    private PythonNode Value()
    {
        var at = cursor.At;
        return cursor.Current switch
        {
            _ when cursor.IsAtEnd => throw cursor.Wrong("a value is missing"),
            '[' => new(new PythonValue.List(Bracketed(']').Items), at),
            '(' => Parenthesised(at),
            '{' => new(Braced(), at),
            '-' or '+' or '.' or (>= '0' and <= '9') => new(PythonNumber.Read(cursor), at),
            _ when PythonString.BeginsAt(cursor) => new(PythonString.Read(cursor, inBrackets: depth > 0), at),
            var first when IsNameStart(first) => new(Named(), at),
            var other => throw cursor.Wrong($"\"{other}\" does not begin a literal"),
        };
    }

    private PythonNode Parenthesised(PythonPosition at)
    {
        var (items, comma) = Bracketed(')');
        return items.Length == 1 && !comma ? items[0] : new(new PythonValue.Tuple(items), at);
    }

    private (ImmutableArray<PythonNode> Items, bool EndsInComma) Bracketed(char closing)
    {
        Enter();
        var items = ImmutableArray.CreateBuilder<PythonNode>();
        var comma = false;
        while (!cursor.TryTake(closing))
        {
            items.Add(Value());
            comma = Separator(closing);
        }

        depth--;
        return (items.ToImmutable(), comma);
    }

    private PythonValue Braced()
    {
        Enter();
        var entries = ImmutableArray.CreateBuilder<PythonEntry>();
        var items = ImmutableArray.CreateBuilder<PythonNode>();
        while (!cursor.TryTake('}'))
        {
            var first = Value();
            cursor.SkipSpace(lines: true);
            if (items.Count == 0 && cursor.TryTake(':'))
            {
                cursor.SkipSpace(lines: true);
                entries.Add(new(first, Value()));
            }
            else if (entries.Count == 0)
            {
                items.Add(first);
            }
            else
            {
                throw cursor.Wrong("\":\" is missing after a key");
            }

            Separator('}');
        }

        depth--;
        return items.Count > 0 ? new PythonValue.Set(items.ToImmutable()) : new PythonValue.Map(entries.ToImmutable());
    }

    private void Enter()
    {
        cursor.Take();
        if (++depth > DeepestNesting)
        {
            throw cursor.Wrong($"more than {DeepestNesting} brackets are open");
        }

        cursor.SkipSpace(lines: true);
    }

    /// <summary>True when there was a comma; without one the closing bracket must follow.</summary>
    private bool Separator(char closing)
    {
        cursor.SkipSpace(lines: true);
        if (cursor.TryTake(','))
        {
            cursor.SkipSpace(lines: true);
            return true;
        }

        return cursor.Current == closing && !cursor.IsAtEnd
            ? false
            : throw cursor.Wrong($"\",\" or \"{closing}\" is missing");
    }

    private PythonValue Named()
    {
        var at = cursor.At;
        var name = cursor.TakeWhile(character => IsNameStart(character) || char.IsAsciiDigit(character));
        return name switch
        {
            "True" => new PythonValue.Truth(true),
            "False" => new PythonValue.Truth(false),
            "None" => new PythonValue.None(),
            "set" when cursor.Current == '(' && cursor.Peek(1) == ')' => EmptySet(),
            _ when names => new PythonValue.Name(name),
            _ => throw new PythonSyntaxException(
                at,
                $"the name \"{name}\" stands where a literal must: this is data, not code"
            ),
        };
    }

    private PythonValue.Set EmptySet()
    {
        cursor.Take();
        cursor.Take();
        return new([]);
    }

    private static bool IsNameStart(char character) => char.IsLetter(character) || character == '_';
}
