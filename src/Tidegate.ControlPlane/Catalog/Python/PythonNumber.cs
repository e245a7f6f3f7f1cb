using System.Globalization;
using System.Numerics;

namespace Tidegate.ControlPlane.Catalog.Python;

/// <summary>Integers in four bases and floating-point numbers, with their signs.</summary>
internal static class PythonNumber
{
    public static PythonValue Read(PythonCursor cursor)
    {
        var at = cursor.At;
        var isNegative = false;
        while (cursor.Current is '-' or '+')
        {
            isNegative ^= cursor.Take() == '-';
            cursor.SkipSpace(lines: false);
        }

        var digits = cursor.TakeWhile(IsPart);
        if (digits is [.., 'e' or 'E'] && !IsOtherBase(digits) && cursor.Current is '-' or '+')
        {
            digits += cursor.Take() + cursor.TakeWhile(IsPart);
        }

        return Value(digits, isNegative)
            ?? throw new PythonSyntaxException(at, $"\"{digits}\" is not a number that is understood here");
    }

    private static PythonValue? Value(string digits, bool isNegative)
    {
        // Python allows single underscores between digits only.
        if (digits is "" or ['_', ..] or [.., '_'] || digits.Contains("__", StringComparison.Ordinal))
        {
            return null;
        }

        var plain = digits.Replace("_", "", StringComparison.Ordinal);
        if (Whole(plain) is { } whole)
        {
            return new PythonValue.Integer(isNegative ? -whole : whole);
        }

        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return
            plain.AsSpan().IndexOfAny('.', 'e', 'E') >= 0
            && !IsOtherBase(plain)
            && double.TryParse(plain, Style, CultureInfo.InvariantCulture, out var real)
            ? new PythonValue.Real(isNegative ? -real : real)
            : null;
    }

    private static BigInteger? Whole(string digits)
    {
        if (IsOtherBase(digits))
        {
            var radix = char.ToLowerInvariant(digits[1]) switch
            {
                'x' => 16,
                'o' => 8,
                _ => 2,
            };
            return digits.Length > 2 && digits.Skip(2).All(digit => Worth(digit) < radix)
                ? digits.Skip(2).Aggregate(BigInteger.Zero, (sum, digit) => (sum * radix) + Worth(digit))
                : null;
        }

        // 010 is an error in Python 3, 00 is not.
        var isLeadingZero = digits is ['0', _, ..] && digits.AsSpan().IndexOfAnyExcept('0') >= 0;
        return !isLeadingZero && digits.All(char.IsAsciiDigit)
            ? BigInteger.Parse(digits, CultureInfo.InvariantCulture)
            : null;
    }

    private static int Worth(char digit) => char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : 99;

    private static bool IsOtherBase(string digits) => digits is ['0', 'x' or 'X' or 'o' or 'O' or 'b' or 'B', ..];

    private static bool IsPart(char character) => char.IsAsciiLetterOrDigit(character) || character is '.' or '_';
}
