using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Catalog.Capabilities;
using Tidegate.ControlPlane.Configuration;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Parity;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Cli;

/// <summary>What the command line says of releases that were run, of pools and of environments; only the site is scripted.</summary>
public sealed class GateCommandTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    [Fact]
    public async Task Releases_that_are_run_read_as_they_always_did()
    {
        var site = new GateScript();
        await using var plane = await ScriptedControlPlane.StartAsync(cluster, site.Add);
        await MatchesAsync(plane, "capability-none.txt", "release", "capability", "2026.11.2");

        site.Answer(new ProbeOutcome.Made(Sample.Record));
        await MatchesAsync(plane, "probe-deviates.txt", "release", "probe", "2026.11.2");
        await MatchesAsync(plane, "capability.json", "release", "capability", "2026.11.2", "--json");
        site.Answer(new ProbeOutcome.Failed("the release's Odoo did not say what it can: its process ended."));
        await MatchesAsync(plane, "probe-failed.txt", "release", "probe", $"sha256:{new string('3', 64)}");
        await MatchesAsync(plane, "probe-unknown.txt", "release", "probe", "2026.12.1");
    }

    [Fact]
    public async Task Pools_that_are_checked_read_as_they_always_did()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);

        await MatchesAsync(plane, "pool-check-unknown.txt", "pool", "check", "shared", "--release", "2026.11.2");
        plane.Script.Facts = Sample.Site;
        await MatchesAsync(plane, "pool-check.txt", "pool", "check", "shared", "--release", "2026.11.2");
        await MatchesAsync(plane, "pool-check.json", "pool", "check", "shared", "--release", "2026.11.2", "--json");
        await MatchesAsync(plane, "pool-check-no-pool.txt", "pool", "check", "none", "--release", "2026.11.2");
        await MatchesAsync(plane, "pool-check-no-release.txt", "pool", "check", "shared", "--release", "2026.12.1");
    }

    [Fact]
    public async Task Environments_that_are_compared_read_as_they_always_did()
    {
        var site = new GateScript();
        await using var plane = await ScriptedControlPlane.StartAsync(cluster, site.Add);

        await MatchesAsync(plane, "environment-compare.txt", "environment", "compare", "production", "production");
        await MatchesAsync(
            plane,
            "environment-compare.json",
            "environment",
            "compare",
            "production",
            "production",
            "--json"
        );
        await MatchesAsync(plane, "environment-unknown.txt", "environment", "compare", "staging", "production");
    }

    private static async Task MatchesAsync(ScriptedControlPlane plane, string golden, params string[] arguments)
    {
        var answer = await plane.RunAsync(arguments);
        Golden.Matches(golden, Golden.Steady(answer.Transcript));
    }

    /// <summary>A site whose sandbox, cluster and databases answer what a test says.</summary>
    private sealed class GateScript : IReleaseProbe, IParityReader
    {
        private TaskCompletionSource<ProbeOutcome> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Add(IServiceCollection services) =>
            services
                .AddSingleton<IReleaseProbe>(this)
                .AddSingleton<IParityReader>(this)
                .AddSingleton<ProbeTools>()
                .AddSingleton<ProbeLoop>()
                .AddHostedService(provider => provider.GetRequiredService<ProbeLoop>());

        /// <summary>What every run from now on ends with.</summary>
        public void Answer(ProbeOutcome outcome)
        {
            var waiting = Interlocked.Exchange(ref _next, new());
            _next.SetResult(outcome);
            waiting.TrySetResult(outcome);
        }

        public Task<ProbeOutcome> RunAsync(ReleaseDigest digest, CancellationToken cancellationToken) =>
            _next.Task.WaitAsync(cancellationToken);

        public Task<TenantParity> ReadAsync(FleetMember member, CancellationToken cancellationToken) =>
            Task.FromResult(Sample.Tenant(member));
    }

    private static class Sample
    {
        public static CapabilityRecord Record { get; } =
            new(
                CapabilityRecord.CurrentSchema,
                ReleaseDigest.Create($"sha256:{new string('2', 64)}"),
                "Odoo Server 19.0",
                "15.14",
                "abc",
                new([new("GET /web/health", 404, "not found")], null, 2.5),
                new(
                    new("19.0", "19.0", "Odoo", "3.11.2"),
                    null,
                    null,
                    [new("base", "core/base", "19.0.1.3", true, true, null) { Checksum = "c" }],
                    [new("python", "python-ldap", ["auth_ldap"], "No package metadata was found")],
                    new(142803, 1771180719, 1774199674, 0),
                    null,
                    new(0, 12.5, [], "Modules loaded.\n"),
                    new("15s", false, true, [], ["base"]),
                    new(["base"], []),
                    ImmutableSortedDictionary<string, string>.Empty.Add("sessions", "AttributeError: no root"),
                    ImmutableSortedDictionary<string, double>.Empty.Add("files", 1.5)
                )
            );

        public static SiteFacts Site { get; } =
            new(
                100,
                3,
                16L << 30,
                ImmutableSortedDictionary<string, int>.Empty.Add("shared", 1),
                [new("t2")],
                "abc",
                "15.14"
            );

        public static TenantParity Tenant(FleetMember member)
        {
            var sorted = ImmutableSortedDictionary<string, string>.Empty;
            return new(
                member.Tenant.Name,
                member.Release,
                member.Tenant.TimeZone,
                "19.0",
                "abc",
                sorted.Add("base", ModuleState.AsReleased),
                sorted.Add("workers", "2"),
                member.Tenant.Name.Value is "t3"
                    ? null
                    : new("15.14", sorted.Add("plpgsql", "1.0"), "UTF8", "C.UTF-8", "C.UTF-8", "UTC", ["en_US"], null)
            );
        }
    }
}
