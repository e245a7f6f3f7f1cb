using Microsoft.Extensions.DependencyInjection;
using Tidegate.Cli;
using Tidegate.ControlPlane.Jobs;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.TenantBackups;

/// <summary>What the command line says of backups of tenants. Where a job is followed its stages are left out: how many are seen depends on time.</summary>
public sealed class TenantBackupCommandTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    [Fact]
    public async Task Backups_of_tenants_read_as_they_always_did()
    {
        await using var plane = await StartAsync();
        await MatchesAsync(plane, "list-none.txt", "tenant", "backups", "list");

        await EndsAsync(plane, ExitCodes.Done, "take.txt", "tenant", "backup", "t1", "--keep-days", "90");
        await EndsAsync(plane, ExitCodes.Done, "take.json", "tenant", "backup", "t3", "--evidence", "--json");
        var backup = (await plane.QueryAsync("select id from tenant_backup where tenant = 't1'"))[0];
        await EndsAsync(plane, ExitCodes.Done, "verify.txt", "tenant", "backups", "verify", backup);

        await MatchesAsync(plane, "list.txt", "tenant", "backups", "list");
        await MatchesAsync(plane, "list.json", "tenant", "backups", "list", "--json");
        await MatchesAsync(plane, "list-tenant.txt", "tenant", "backups", "list", "t1");
        await MatchesAsync(plane, "list-tenant.json", "tenant", "backups", "list", "t1", "--json");
        await MatchesAsync(plane, "show.txt", "tenant", "backups", "show", backup);
        await MatchesAsync(plane, "show.json", "tenant", "backups", "show", backup, "--json");

        await EndsAsync(plane, ExitCodes.Done, "expire.txt", "tenant", "backups", "expire", "t1");
        await MatchesAsync(plane, "show-expired.txt", "tenant", "backups", "show", backup);
        await MatchesAsync(plane, "list-tenant-none.txt", "tenant", "backups", "list", "t1");
        await MatchesAsync(plane, "verify-expired.txt", "tenant", "backups", "verify", backup);
    }

    [Fact]
    public async Task What_is_not_good_says_so_and_ends_so()
    {
        await using var plane = await StartAsync();
        var script = plane.Services.GetRequiredService<TenantBackupScript>();
        script.Faults["t2"] = new("ab/abc", "is missing");
        script.Findings.Add("file de/def has another content than its name says");

        await EndsAsync(plane, ExitCodes.EndedBadly, "take-incomplete.txt", "tenant", "backup", "t2");
        await EndsAsync(plane, ExitCodes.Done, "take.txt", "tenant", "backup", "t1");
        var (lacking, damaged) = (
            (await plane.QueryAsync("select id from tenant_backup where tenant = 't2'"))[0],
            (await plane.QueryAsync("select id from tenant_backup where tenant = 't1'"))[0]
        );
        await EndsAsync(plane, ExitCodes.EndedBadly, "verify-bad.txt", "tenant", "backups", "verify", damaged);
        await EndsAsync(
            plane,
            ExitCodes.EndedBadly,
            "verify-bad.json",
            "tenant",
            "backups",
            "verify",
            damaged,
            "--json"
        );

        await MatchesAsync(plane, "show-incomplete.txt", "tenant", "backups", "show", lacking);
        await MatchesAsync(plane, "show-bad.txt", "tenant", "backups", "show", damaged);
        await MatchesAsync(plane, "list-bad.txt", "tenant", "backups", "list");
    }

    [Fact]
    public async Task Who_does_not_wait_gets_the_job_and_what_there_is_not_is_refused()
    {
        await using var plane = await StartAsync();

        await MatchesAsync(plane, "take-no-wait.txt", "tenant", "backup", "t1", "--no-wait");
        await MatchesAsync(plane, "expire-no-wait.json", "tenant", "backups", "expire", "t2", "--no-wait", "--json");
        await MatchesAsync(plane, "take-unknown.txt", "tenant", "backup", "t9");
        await MatchesAsync(plane, "take-both.txt", "tenant", "backup", "t1", "--evidence", "--keep-days", "7");
        await MatchesAsync(plane, "show-unknown.txt", "tenant", "backups", "show", "tb-1");
        await MatchesAsync(plane, "verify-unknown.txt", "tenant", "backups", "verify", "tb-1");
        await MatchesAsync(plane, "expire-unknown.txt", "tenant", "backups", "expire", "t9");
    }

    private Task<ScriptedControlPlane> StartAsync() =>
        ScriptedControlPlane.StartAsync(
            cluster,
            services =>
                services
                    .AddSingleton<TenantBackupScript>()
                    .AddSingleton<IJobHandler, ScriptedTake>()
                    .AddSingleton<IJobHandler, ScriptedVerify>()
                    .AddSingleton<IJobHandler, ScriptedExpire>()
        );

    private static async Task EndsAsync(ScriptedControlPlane plane, int exit, string golden, params string[] arguments)
    {
        var answer = await plane.RunAsync(arguments);
        Assert.True(exit == answer.Exit, answer.Transcript);
        Golden.Matches(golden, Golden.Steady(answer.Output));
    }

    private static async Task MatchesAsync(ScriptedControlPlane plane, string golden, params string[] arguments) =>
        Golden.Matches(golden, Golden.Steady((await plane.RunAsync(arguments)).Transcript));
}
