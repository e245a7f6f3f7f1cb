using System.Globalization;
using System.Text;

namespace Tidegate.ControlPlane.Catalog.Python;

/// <summary>String and bytes literals: prefixes, escapes, triple quotes, and neighbours that belong together.</summary>
internal static class PythonString
{
    public static bool BeginsAt(PythonCursor cursor) => QuoteAt(cursor) >= 0;

    public static PythonValue Read(PythonCursor cursor, bool inBrackets)
    {
        var at = cursor.At;
        var all = new StringBuilder();
        bool? isBytes = null;
        do
        {
            var piece = Piece(cursor, all);
            if (isBytes is { } before && before != piece)
            {
                throw new PythonSyntaxException(at, "bytes and text cannot be joined");
            }

            isBytes = piece;
            cursor.SkipSpace(inBrackets);
        } while (BeginsAt(cursor));

        return isBytes is true
            ? new PythonValue.Bytes([.. all.ToString().Select(character => (byte)character)])
            : new PythonValue.Text(all.ToString());
    }

    /// <summary>How many prefix letters stand before a quote here; -1 where no string begins.</summary>
    private static int QuoteAt(PythonCursor cursor)
    {
        var letters = 0;
        while (letters < 2 && char.ToLowerInvariant(cursor.Peek(letters)) is 'r' or 'b' or 'u' or 'f')
        {
            letters++;
        }

        return cursor.Peek(letters) is '"' or '\'' ? letters : -1;
    }

    /// <summary>Adds one literal's characters; true when it is bytes.</summary>
    private static bool Piece(PythonCursor cursor, StringBuilder all)
    {
        var at = cursor.At;
        var prefix = cursor.TakeWhile(char.IsAsciiLetter).ToLowerInvariant();
        if (prefix.Contains('f', StringComparison.Ordinal))
        {
            throw new PythonSyntaxException(at, "an f-string is code, not a literal");
        }

        var isBytes = prefix.Contains('b', StringComparison.Ordinal);
        var isRaw = prefix.Contains('r', StringComparison.Ordinal);
        var quote = cursor.Take();
        var isTriple = cursor.Current == quote && cursor.Peek(1) == quote;
        if (isTriple)
        {
            cursor.Take();
            cursor.Take();
        }

        while (!Closes(cursor, quote, isTriple))
        {
            if (cursor.IsAtEnd || (cursor.Current == '\n' && !isTriple))
            {
                throw new PythonSyntaxException(at, "the string that begins here is not closed");
            }

            Character(cursor, all, isRaw, isBytes);
        }

        return isBytes;
    }

    private static bool Closes(PythonCursor cursor, char quote, bool isTriple)
    {
        if (
            cursor.IsAtEnd
            || cursor.Current != quote
            || (isTriple && (cursor.Peek(1) != quote || cursor.Peek(2) != quote))
        )
        {
            return false;
        }

        for (var taken = 0; taken < (isTriple ? 3 : 1); taken++)
        {
            cursor.Take();
        }

        return true;
    }

    private static void Character(PythonCursor cursor, StringBuilder all, bool isRaw, bool isBytes)
    {
        if (isBytes && cursor.Current > '\x7f')
        {
            throw cursor.Wrong("bytes hold ASCII characters only");
        }

        var taken = cursor.Take();
        if (taken != '\\' || cursor.IsAtEnd)
        {
            all.Append(taken);
        }
        else if (isRaw)
        {
            all.Append(taken).Append(cursor.Take());
        }
        else
        {
            Escape(cursor, all, isBytes);
        }
    }

    private static void Escape(PythonCursor cursor, StringBuilder all, bool isBytes)
    {
        switch (cursor.Current)
        {
            case '\n':
                cursor.Take();
                break;
            case '\\' or '\'' or '"':
                all.Append(cursor.Take());
                break;
            case >= '0' and <= '7':
                Octal(cursor, all, isBytes);
                break;
            case 'x':
                Hexadecimal(cursor, all, digits: 2);
                break;
            case 'u' when !isBytes:
                Hexadecimal(cursor, all, digits: 4);
                break;
            case 'U' when !isBytes:
                Hexadecimal(cursor, all, digits: 8);
                break;
            case 'N' when !isBytes:
                throw cursor.Wrong("character names (\\N{…}) are not understood here; write the character itself");
            default:
                Letter(cursor.Take(), all);
                break;
        }
    }

    private static void Letter(char letter, StringBuilder all)
    {
        const string Letters = "abfnrtv";
        const string Meanings = "\a\b\f\n\r\t\v";
        var known = Letters.IndexOf(letter, StringComparison.Ordinal);
        // Python keeps the backslash of an escape that it does not know.
        _ = known >= 0 ? all.Append(Meanings[known]) : all.Append('\\').Append(letter);
    }

    private static void Octal(PythonCursor cursor, StringBuilder all, bool isBytes)
    {
        var value = 0;
        for (var digits = 0; digits < 3 && cursor.Current is >= '0' and <= '7'; digits++)
        {
            value = (value * 8) + (cursor.Take() - '0');
        }

        all.Append((char)(isBytes ? value & 0xff : value));
    }

    private static void Hexadecimal(PythonCursor cursor, StringBuilder all, int digits)
    {
        var at = cursor.At;
        cursor.Take();
        var text = "";
        while (text.Length < digits && char.IsAsciiHexDigit(cursor.Current))
        {
            text += cursor.Take();
        }

        if (text.Length < digits || !TryRune(text, out var character))
        {
            throw new PythonSyntaxException(
                at,
                $"the escape \\{(digits == 2 ? 'x' : digits == 4 ? 'u' : 'U')}{text} is incomplete or no character"
            );
        }

        all.Append(character);
    }

    private static bool TryRune(string hexadecimal, out string character)
    {
        var code = uint.Parse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        // A lone surrogate is a legal Python string.
        character =
            code <= char.MaxValue ? ((char)code).ToString()
            : Rune.IsValid(code) ? new Rune(code).ToString()
            : "";
        return character.Length > 0;
    }
}
