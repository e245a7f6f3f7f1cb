using System.Text.RegularExpressions;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Accounts;

/// <summary>What the command line prints of access, byte by byte.</summary>
public sealed partial class AccessOutputTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    [Fact]
    public async Task Access_reads_as_it_always_did()
    {
        await using var home = await AccessHome.StartAsync(cluster);
        await MatchesAsync(home, "status-open.txt", null, "access", "status");
        await MatchesAsync(home, "whoami-home.txt", null, "access", "whoami");
        await MatchesAsync(home, "bootstrap.txt", null, "access", "bootstrap", "anna", "--reason", "the first one");

        var anna = await home.AdministratorAsync();
        await MatchesAsync(home, "status.json", null, "access", "status", "--json");
        await home.ServiceAsync("ci", anna, "--role", "operator", "-e", "production", "--tags", "vip and not spain");
        var token = await home.TokenAsync(
            "ci",
            anna,
            "--role",
            "operator",
            "-e",
            "production",
            "--tags",
            "vip and not spain"
        );
        await MatchesAsync(home, "accounts.txt", anna, "access", "accounts", "list");
        await MatchesAsync(home, "accounts.json", anna, "access", "accounts", "list", "--json");
        await MatchesAsync(home, "grants.txt", anna, "access", "grants", "list");
        await MatchesAsync(home, "grants.json", anna, "access", "grants", "list", "--json");
        await MatchesAsync(home, "tokens.txt", anna, "access", "tokens", "list", "--of", "service/ci");
        await MatchesAsync(home, "tokens.json", anna, "access", "tokens", "list", "--of", "service/ci", "--json");
        await MatchesAsync(home, "whoami.txt", token, "access", "whoami");
        await MatchesAsync(home, "whoami.json", token, "access", "whoami", "--json");
        await MatchesAsync(home, "forbidden.txt", token, "rollout", "start", "--release", "2026.11.2");
        await MatchesAsync(home, "forbidden.json", token, "backup", "list", "--json");
        await MatchesAsync(home, "part.json", token, "tenant", "list", "--json");
        await MatchesAsync(
            home,
            "unknown-role.txt",
            anna,
            "access",
            "grants",
            "add",
            "service/ci",
            "--role",
            "god",
            "--reason",
            "x"
        );
        await MatchesAsync(home, "unknown-account.txt", anna, "access", "accounts", "disable", "person/zoe");
        await MatchesAsync(home, "close.txt", anna, "access", "close", "--reason", "others come");
        await MatchesAsync(home, "closed-home.txt", null, "tenant", "list");
        await MatchesAsync(home, "logout.txt", anna, "logout");
    }

    private static async Task MatchesAsync(AccessHome home, string golden, string? token, params string[] arguments)
    {
        var answer = token is null ? await home.Plane.RunAsync(arguments) : await home.RunAsync(token, arguments);
        var steady = Golden.Steady(answer.Transcript.Replace(home.Plane.Home, "HOME", StringComparison.Ordinal));
        Golden.Matches(golden, TokenId().Replace(GrantId().Replace(steady, "g-1"), "0123456789abcdef"));
    }

    [GeneratedRegex(@"\bg-[0-9a-f]{32}\b", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex GrantId();

    [GeneratedRegex(@"\b[0-9a-f]{16}\b", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TokenId();
}
