namespace Tidegate.ControlPlane.Catalog.Trees;

/// <summary>Text by Unicode code points: the order of its UTF-8 bytes and of Python's <c>sorted</c>, in every locale.</summary>
internal sealed class CodePointOrder : IComparer<string>
{
    public static readonly CodePointOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        var left = x.AsSpan();
        var right = y.AsSpan();
        var common = left.CommonPrefixLength(right);
        return common == left.Length || common == right.Length
            ? left.Length.CompareTo(right.Length)
            : Rank(left[common]).CompareTo(Rank(right[common]));
    }

    // UTF-16 puts U+E000…U+FFFF above the surrogates, which stand for code points that are higher.
    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
