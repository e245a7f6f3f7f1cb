using System.Buffers;
using System.Text.Json.Serialization;

namespace Tidegate.ControlPlane.Fleet;

/// <summary>What identifies a release: <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
[JsonConverter(typeof(NameConverter<ReleaseDigest>))]
public readonly record struct ReleaseDigest(string Value) : IName<ReleaseDigest>
{
    private const string Prefix = "sha256:";

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>The first 12 digits, for names of folders and roles and for people.</summary>
    public string Short => Hex[..12];

    /// <summary>The 64 digits.</summary>
    public string Hex => Value[Prefix.Length..];

    /// <exception cref="FormatException">The text is not a digest.</exception>
    public static ReleaseDigest Create(string value) =>
        TryParse(value, out var digest)
            ? digest
            : throw new FormatException($"\"{value}\" is not a release digest: sha256: and 64 hexadecimal digits.");

    public static bool TryParse(string value, out ReleaseDigest digest)
    {
        digest = new ReleaseDigest(value);
        return value.Length == Prefix.Length + 64
            && value.StartsWith(Prefix, StringComparison.Ordinal)
            && value.AsSpan(Prefix.Length).IndexOfAnyExcept(HexDigits) < 0;
    }

    public override string ToString() => Value;
}

/// <summary>A release by name and digest; the digest decides.</summary>
public sealed record ReleaseRef(string Name, ReleaseDigest Digest);
