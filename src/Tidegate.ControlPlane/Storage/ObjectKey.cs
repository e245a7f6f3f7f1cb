using System.Text.RegularExpressions;

namespace Tidegate.ControlPlane.Storage;

/// <summary>
/// Names an object: parts of letters, digits, points, hyphens and underscores with <c>/</c> between them, each part
/// beginning with a letter or digit and at most 128 long, 512 together. So it is safe in a path, a URL and a bucket.
/// </summary>
public readonly partial record struct ObjectKey
{
    /// <summary>The longest key that every store takes; S3 itself would take 1024 bytes.</summary>
    public const int Longest = 512;

    private ObjectKey(string value) => Value = value;

    public string Value { get; }

    /// <exception cref="FormatException">The text is no key.</exception>
    public static ObjectKey Create(string value) =>
        TryParse(value, out var key)
            ? key
            : throw new FormatException(
                $"\"{value}\" is no object key: parts of a-z, A-Z, 0-9, '.', '-', '_', with '/' between them."
            );

    public static bool TryParse(string value, out ObjectKey key)
    {
        key = new ObjectKey(value);
        return value.Length <= Longest && Form().IsMatch(value);
    }

    public override string ToString() => Value;

    [GeneratedRegex(
        @"\A[A-Za-z0-9][A-Za-z0-9._-]{0,127}(/[A-Za-z0-9][A-Za-z0-9._-]{0,127})*\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Form();
}
