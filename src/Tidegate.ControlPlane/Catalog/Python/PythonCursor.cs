namespace Tidegate.ControlPlane.Catalog.Python;

/// <summary>A place that moves through a text and knows its line and column.</summary>
internal sealed class PythonCursor(string text)
{
    public const char End = '\0';

    private readonly string text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    private int index;
    private int line = 1;
    private int lineStart;

    public PythonPosition At => new(line, index - lineStart + 1);

    public char Current => Peek(0);

    public bool IsAtEnd => index >= text.Length;

    /// <summary>The character so many places ahead; <see cref="End"/> past the end.</summary>
    public char Peek(int ahead) => index + ahead < text.Length ? text[index + ahead] : End;

    public char Take()
    {
        if (IsAtEnd)
        {
            throw Wrong("the text ends too early");
        }

        var taken = text[index++];
        if (taken == '\n')
        {
            line++;
            lineStart = index;
        }

        return taken;
    }

    public bool TryTake(char wanted)
    {
        if (Current != wanted || IsAtEnd)
        {
            return false;
        }

        Take();
        return true;
    }

    public string TakeWhile(Func<char, bool> wanted)
    {
        var start = index;
        while (!IsAtEnd && wanted(Current))
        {
            Take();
        }

        return text[start..index];
    }

    /// <summary>Skips blanks, comments and joined lines; line ends too where they mean nothing.</summary>
    public void SkipSpace(bool lines)
    {
        while (!IsAtEnd)
        {
            if (Current is ' ' or '\t' or '\f' || (lines && Current == '\n'))
            {
                Take();
            }
            else if (Current == '\\' && Peek(1) == '\n')
            {
                Take();
                Take();
            }
            else if (Current == '#')
            {
                TakeWhile(character => character != '\n');
            }
            else
            {
                return;
            }
        }
    }

    public PythonSyntaxException Wrong(string message) => new(At, message);
}
