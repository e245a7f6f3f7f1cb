using Tidegate.ControlPlane.Following;
using Tidegate.IntegrationTests.Cli;
using Tidegate.Simulator.Following;

namespace Tidegate.IntegrationTests.Following;

/// <summary>A repository in memory that says the fleet of <see cref="ScriptedControlPlane"/>: pool <c>shared</c> of production, tenants t1 to t3, release 2026.11.1.</summary>
internal sealed class GitFleet(ScriptedControlPlane plane)
{
    public const string Address = "/srv/fleet.git";

    public InMemoryRepository Repository { get; } = plane.Repositories.Repository(Address);

    /// <summary>The first commit, followed and taken.</summary>
    public static async Task<GitFleet> FollowAsync(ScriptedControlPlane plane, params (string, string?)[] more)
    {
        var fleet = new GitFleet(plane);
        fleet.Commit("The fleet", [.. Files, .. more]);
        await plane.SucceedAsync("fleet", "follow", Address, "--interval", "1d");
        await plane.SucceedAsync("fleet", "sync");
        return fleet;
    }

    /// <summary>Everything of the first commit. Planned work waits for a person, so that a test sees it wait.</summary>
    public static (string, string?)[] Files =>
        [
            ("tidegate.yaml", "organisation: Shops\n"),
            ("sites/local.yaml", "{}\n"),
            ("policies/careful.yaml", "start: manual\n"),
            Environment("2026.11.1"),
            ("pools/shared.yaml", "site: local\nenvironment: production\n"),
            .. Enumerable.Range(1, 3).Select(number => Tenant($"t{number}")),
            .. Enumerable.Range(1, 3).Select(number => Release($"2026.11.{number}", (char)('0' + number))),
        ];

    public static (string, string?) Environment(string release) =>
        ("environments/production.yaml", $"release: {release}\npolicy: careful\n");

    public static (string, string?) Release(string name, char digit) =>
        ($"releases/{name}.yaml", $"digest: sha256:{new string(digit, 64)}\n");

    /// <summary>As the control plane has it already, unless something is changed.</summary>
    public static (string, string?) Tenant(
        string name,
        string pool = "shared",
        string? database = null,
        string? host = null,
        string timeZone = "Europe/Oslo",
        string more = ""
    ) =>
        (
            $"tenants/{name}.yaml",
            $"""
            pool: {pool}
            database: {database ?? $"db{name[1..]}"}
            hosts: [{host ?? $"{name}.example"}]
            timeZone: {timeZone}
            journeys:
              login: admin
              secret: journey
            {more}

            """
        );

    public CommitId Commit(string subject, params (string, string?)[] files) => CommitTo("main", subject, files);

    /// <summary>Of a file that is named twice the last counts.</summary>
    public CommitId CommitTo(string branch, string subject, params (string Path, string? Text)[] files) =>
        Repository.Commit(branch, NewCommit.Of(subject, files.Reverse().DistinctBy(file => file.Path)));

    /// <summary>Commits, and has the repository asked.</summary>
    /// <returns>What <c>tidegate fleet sync</c> said.</returns>
    public Task<CliAnswer> SyncAsync(string subject, params (string, string?)[] files)
    {
        Commit(subject, files);
        return plane.RunAsync("fleet", "sync");
    }
}
