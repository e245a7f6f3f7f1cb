using System.Security.Cryptography;

namespace Tidegate.Demo.Shops;

/// <summary>The passwords of one run, made anew each time; all its shops share them, so that each is hashed once.</summary>
/// <param name="Shop">Of the user <c>shop</c>: the clerks whom the traffic plays.</param>
/// <param name="Journey">Of the user <c>journey</c>: the journeys.</param>
internal sealed record ShopPasswords(HashedPassword Shop, HashedPassword Journey)
{
    private const int Digits = 20;

    public static async Task<ShopPasswords> MakeAsync(string repository, CancellationToken cancellationToken)
    {
        string[] passwords = [RandomNumberGenerator.GetHexString(Digits), RandomNumberGenerator.GetHexString(Digits)];
        var hashes = await Tool.RunAsync(
            Path.Combine(repository, "samples", "template", "hash-password"),
            [],
            cancellationToken,
            input: string.Join('\n', passwords)
        );
        var lines = hashes.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new(new(passwords[0], lines[0]), new(passwords[1], lines[1]));
    }
}

/// <summary>A password and what Odoo stores for it.</summary>
internal sealed record HashedPassword(string Password, string Hash)
{
    public override string ToString() => "(a password)";
}
