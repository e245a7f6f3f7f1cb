using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Tidegate.ControlPlane.Access;

/// <summary>A token as it is shown once: <c>tidegate_</c>, an id that may be read by anyone, and a secret of 256 bits.</summary>
/// <param name="Hash">SHA-256 of the secret: what is stored. It was made at random, so that nothing slower is needed.</param>
public sealed record TokenText(string Id, string Text, byte[] Hash)
{
    /// <summary>By which people and scanners of leaked secrets know one.</summary>
    public const string Prefix = "tidegate_";

    private const int IdLength = 16;
    private const int SecretLength = 43;

    public static TokenText Create() => Of(RandomNumberGenerator.GetHexString(IdLength, lowercase: true), Secret());

    /// <summary>Null when the text is none.</summary>
    public static TokenText? Read(string text) =>
        text.Length == Prefix.Length + IdLength + 1 + SecretLength
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text[Prefix.Length + IdLength] == '_'
            ? Of(text.Substring(Prefix.Length, IdLength), text[^SecretLength..])
            : null;

    /// <summary>Compared in the same time wherever they differ.</summary>
    public bool Matches(ReadOnlySpan<byte> stored) => CryptographicOperations.FixedTimeEquals(Hash, stored);

    /// <summary>A secret for a person to sign in with once.</summary>
    public static string Secret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    // Not as a record would: it holds a secret.
    public override string ToString() => $"{Prefix}{Id}";

    private static TokenText Of(string id, string secret) =>
        new(id, $"{Prefix}{id}_{secret}", SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
