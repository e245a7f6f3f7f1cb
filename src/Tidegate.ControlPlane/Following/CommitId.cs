using System.Diagnostics.CodeAnalysis;

namespace Tidegate.ControlPlane.Following;

/// <summary>A commit by its full id: 40 or 64 lower-case hexadecimal digits (SHA-1 or SHA-256 repositories).</summary>
public readonly record struct CommitId
{
    private CommitId(string value) => Value = value;

    public string Value { get; }

    /// <summary>The first twelve digits, for people.</summary>
    public string Short => Value[..12];

    public static bool TryCreate([NotNullWhen(true)] string? text, out CommitId commit)
    {
        var isOne = text is { Length: 40 or 64 } && text.All(char.IsAsciiHexDigitLower);
        commit = isOne ? new CommitId(text!) : default;
        return isOne;
    }

    /// <exception cref="FormatException">It is not a full commit id.</exception>
    public static CommitId Create(string text) =>
        TryCreate(text, out var commit) ? commit : throw new FormatException($"\"{text}\" is not a full commit id.");

    public override string ToString() => Value;
}
