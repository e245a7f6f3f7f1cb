using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>Which tags a tenant has to have: words with <c>and</c>, <c>or</c>, <c>not</c> and parentheses, <c>spain and (vip or flagship)</c>. <c>and</c> binds more than <c>or</c>.</summary>
public abstract record TagExpression
{
    private TagExpression() { }

    public abstract bool Matches(IReadOnlySet<string> tags);

    /// <summary>Every tag that it asks for, in the order written.</summary>
    public abstract IEnumerable<string> Tags { get; }

    public sealed record Has(string Tag) : TagExpression
    {
        public override IEnumerable<string> Tags => [Tag];

        public override bool Matches(IReadOnlySet<string> tags) => tags.Contains(Tag);

        public override string ToString() => Tag;
    }

    public sealed record Not(TagExpression Of) : TagExpression
    {
        public override IEnumerable<string> Tags => Of.Tags;

        public override bool Matches(IReadOnlySet<string> tags) => !Of.Matches(tags);

        public override string ToString() => $"not {Of}";
    }

    public sealed record All(ImmutableArray<TagExpression> Of) : TagExpression
    {
        public override IEnumerable<string> Tags => Of.SelectMany(part => part.Tags);

        public override bool Matches(IReadOnlySet<string> tags) => Of.All(part => part.Matches(tags));

        public override string ToString() => $"({string.Join(" and ", Of)})";
    }

    public sealed record Any(ImmutableArray<TagExpression> Of) : TagExpression
    {
        public override IEnumerable<string> Tags => Of.SelectMany(part => part.Tags);

        public override bool Matches(IReadOnlySet<string> tags) => Of.Any(part => part.Matches(tags));

        public override string ToString() => $"({string.Join(" or ", Of)})";
    }

    /// <exception cref="FormatException">It is none; the message says what was expected where.</exception>
    public static TagExpression Parse(string text)
    {
        var reader = new Reader(text);
        var read = reader.Or();
        return reader.Rest is null ? read : throw reader.Expected("and, or, or the end");
    }

    /// <summary>Reads from left to right, one word at a time.</summary>
    private sealed class Reader(string text)
    {
        private const int Deepest = 32;

        private readonly string[] _words = text.Replace("(", " ( ", StringComparison.Ordinal)
            .Replace(")", " ) ", StringComparison.Ordinal)
            .Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);

        private int _at;
        private int _depth;

        public string? Rest => _at < _words.Length ? _words[_at] : null;

        public TagExpression Or() => Joined("or", And, parts => new Any(parts));

        public FormatException Expected(string what) =>
            new(
                Rest is { } found
                    ? $"\"{text}\": {what} was expected and not \"{found}\""
                    : $"\"{text}\": {what} was expected at its end"
            );

        private TagExpression And() => Joined("and", Term, parts => new All(parts));

        private TagExpression Joined(
            string word,
            Func<TagExpression> part,
            Func<ImmutableArray<TagExpression>, TagExpression> join
        )
        {
            var parts = ImmutableArray.Create(part());
            while (Take(word))
            {
                parts = parts.Add(part());
            }

            return parts is [var only] ? only : join(parts);
        }

        private TagExpression Term()
        {
            if (++_depth > Deepest)
            {
                throw new FormatException($"\"{text}\" is nested more than {Deepest} deep");
            }

            try
            {
                if (Take("not"))
                {
                    return new Not(Term());
                }

                if (Take("("))
                {
                    var inside = Or();
                    return Take(")") ? inside : throw Expected("\")\"");
                }

                return Rest is { } tag and not ("and" or "or" or ")") && Take(tag)
                    ? new Has(tag)
                    : throw Expected("a tag");
            }
            finally
            {
                _depth--;
            }
        }

        private bool Take(string word)
        {
            if (!string.Equals(Rest, word, StringComparison.Ordinal))
            {
                return false;
            }

            _at++;
            return true;
        }
    }
}
