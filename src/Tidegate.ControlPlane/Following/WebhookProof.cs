using System.Security.Cryptography;
using System.Text;

namespace Tidegate.ControlPlane.Following;

/// <summary>Whether a request was sent by somebody who knows the secret. Compares in constant time.</summary>
internal static class WebhookProof
{
    private const string Prefix = "sha256=";

    public static bool Holds(Webhook webhook, string secret) =>
        webhook.Forge switch
        {
            "github" => webhook.Header("X-Hub-Signature-256") is { } signature
                && signature.StartsWith(Prefix, StringComparison.Ordinal)
                && IsSigned(webhook.Body.Span, signature[Prefix.Length..], secret),
            "gitea" => webhook.Header("X-Gitea-Signature") is { } signature
                && IsSigned(webhook.Body.Span, signature, secret),
            "forgejo" => (webhook.Header("X-Forgejo-Signature") ?? webhook.Header("X-Gitea-Signature")) is { } signature
                && IsSigned(webhook.Body.Span, signature, secret),
            // The whole secret is sent; hashed, both are of one length.
            "gitlab" => webhook.Header("X-Gitlab-Token") is { } token
                && CryptographicOperations.FixedTimeEquals(Hash(token), Hash(secret)),
            _ => false,
        };

    private static bool IsSigned(ReadOnlySpan<byte> body, string signature, string secret)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> right = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body, right);
        return signature.Length == 2 * given.Length
            && Convert.FromHexString(signature, given, out _, out _) is System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(given, right);
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
