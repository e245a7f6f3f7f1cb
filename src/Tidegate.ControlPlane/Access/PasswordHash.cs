using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Tidegate.ControlPlane.Access;

/// <summary>Passwords as they are stored, by the framework's hasher: PBKDF2 with HMAC-SHA-512, a salt of its own each, as often as OWASP asks for.</summary>
public static class PasswordHash
{
    public const int Shortest = 12;
    public const int Longest = 200;

    private const int Rounds = 210_000;

    private static readonly PasswordHasher<string> Hasher = new(
        Options.Create(new PasswordHasherOptions { IterationCount = Rounds })
    );

    /// <summary>Of no password: takes as long to be compared with as any.</summary>
    private static readonly Lazy<string> Nobodys = new(() => Of(TokenText.Secret()));

    public static string Of(string password) => Hasher.HashPassword("", password);

    /// <summary>Takes the same time whether there is one or not.</summary>
    /// <param name="stored">Null where there is none: then nothing matches.</param>
    public static bool Matches(string? stored, string password)
    {
        var isRight =
            Hasher.VerifyHashedPassword("", stored ?? Nobodys.Value, password) is not PasswordVerificationResult.Failed;
        return isRight && stored is not null;
    }

    /// <summary>Null when somebody may choose it; else one sentence that says what is wrong.</summary>
    public static string? Refusal(string password) =>
        password.Length < Shortest ? $"a password has at least {Shortest} characters."
        : password.Length > Longest ? $"a password has at most {Longest} characters."
        : password.Distinct().Count() < 5 ? "a password has at least 5 different characters."
        : null;
}
