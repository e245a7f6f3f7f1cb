using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using Tidegate.ControlPlane.Configuration;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.Tests.Capabilities;

namespace Tidegate.Tests.Configuration;

public sealed class ConfigurationGateTests
{
    private static readonly SiteFacts Site = new(
        300,
        3,
        16L << 30,
        ImmutableSortedDictionary<string, int>.Empty,
        [],
        "abc",
        "15.14"
    );

    private static readonly ConfigurationQuestion Sound = new(
        Odoo19.Release,
        Odoo19.Record,
        [Pool("shops")],
        [],
        Site,
        2
    );

    public static TheoryData<string, string, string> Wrong =>
        new()
        {
            { "option-unknown", "limit_time_reel", "10" },
            { "option-not-in-file", "save", "True" },
            { "option-type", "db_maxconn", "many" },
            { "option-type", "db_sslmode", "perhaps" },
            { "memory-limits-crossed", "limit_memory_soft", "3000000000" },
            { "time-limits-crossed", "limit_time_cpu", "500" },
            { "request-limit-none", "limit_request", "0" },
            { "workers-none", "workers", "0" },
            { "proxy-mode-off", "proxy_mode", "False" },
            { "database-list-open", "list_db", "True" },
            { "master-password-set", "admin_passwd", "admin" },
            { "http-interface-open", "http_interface", "0.0.0.0" },
            { "server-wide-module-missing", "server_wide_modules", "base,rpc,web" },
        };

    [Fact]
    public void What_Tidegate_writes_for_a_pool_passes() =>
        Assert.Equal(GateVerdict.Pass, ConfigurationGate.Ask(Sound).Verdict);

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_a_generation_could_not_run_with_is_named(string code, string option, string value)
    {
        var verdict = ConfigurationGate.Ask(Sound with { Taking = [With(Pool("shops"), option, value)] });

        Assert.Equal((GateVerdict.Fail, code), (verdict.Verdict, Assert.Single(verdict.Reasons).Code));
    }

    [Fact]
    public void A_pool_that_does_not_set_the_master_password_has_Odoos_own()
    {
        var pool = Pool("shops");
        var open = pool with { Settings = pool.Settings.RemoveAll(setting => setting.Name == "admin_passwd") };

        Assert.Equal(
            "master-password-set",
            Assert.Single(ConfigurationGate.Ask(Sound with { Taking = [open] }).Reasons).Code
        );
    }

    [Fact]
    public void Old_and_new_generation_and_all_pools_of_the_site_share_its_connections()
    {
        var tight = Sound with
        {
            Others = [Pool("staging", generations: 1)],
            Site = Site with { MaxConnections = 290 },
        };

        var verdict = ConfigurationGate.Ask(tight);

        Assert.Equal("connections-exceeded", Assert.Single(verdict.Reasons).Code);
        Assert.Contains("shops 160 (2 generations of 80)", verdict.Reasons[0].What, StringComparison.Ordinal);
        Assert.Contains("staging 80 (1 generation of 80)", verdict.Reasons[0].What, StringComparison.Ordinal);
        Assert.True(
            ConfigurationGate.Ask(tight with { Site = Site with { MaxConnections = 400 } }).Verdict is GateVerdict.Pass
        );
    }

    [Fact]
    public void Workers_that_may_outgrow_the_machine_are_named() =>
        Assert.Equal(
            "memory-exceeded",
            Assert
                .Single(ConfigurationGate.Ask(Sound with { Site = Site with { MemoryBytes = 2L << 30 } }).Reasons)
                .Code
        );

    [Fact]
    public void A_tenant_without_a_way_to_the_evented_process_is_named() =>
        Assert.Equal(
            "websocket-route-missing",
            Assert
                .Single(
                    ConfigurationGate
                        .Ask(Sound with { Site = Site with { WithoutEvented = [new("shop-oslo")] } })
                        .Reasons
                )
                .Code
        );

    [Fact]
    public void What_is_not_known_does_not_pass()
    {
        Assert.Equal(GateVerdict.Inconclusive, ConfigurationGate.Ask(Sound with { Site = null }).Verdict);
        Assert.Equal(GateVerdict.Inconclusive, ConfigurationGate.Ask(Sound with { Capability = null }).Verdict);
    }

    [Fact]
    public void What_is_wrong_is_said_even_where_something_is_not_known()
    {
        var question = Sound with { Capability = null, Taking = [With(Pool("shops"), "proxy_mode", "False")] };

        Assert.Equal(
            (GateVerdict.Fail, 2),
            (ConfigurationGate.Ask(question).Verdict, ConfigurationGate.Ask(question).Reasons.Length)
        );
    }

    [Fact]
    public void More_connections_are_never_asked_for_than_were_counted() =>
        Gen.Select(Gen.Int[1, 64], Gen.Int[1, 100], Gen.Int[0, 8], Gen.Int[20, 5000])
            .Sample(
                (workers, each, migrations, offered) =>
                {
                    var question = Sound with
                    {
                        MigrationsAtOnce = migrations,
                        Taking = [Pool("shops", workers, options: new() { DbMaxconn = each })],
                        Site = Site with { MaxConnections = offered, MemoryBytes = long.MaxValue },
                    };
                    // Two generations: web workers, two children for jobs, the evented process; migrations; Tidegate.
                    var needed = (2 * (workers + 3) * each) + (migrations * each) + ConnectionBudget.Own;
                    return ConfigurationGate.Ask(question).Verdict is GateVerdict.Pass
                        == (needed <= offered - Site.ReservedConnections);
                }
            );

    [Fact]
    public void A_pool_sets_what_it_sets_and_nothing_else() =>
        Gen.Select(Gen.Int[1, 1000], Gen.Long[0, 1L << 40])
            .Sample(
                (each, soft) =>
                {
                    var plain = GenerationSettings.Of(Places, 2, new());
                    var set = GenerationSettings.Of(Places, 2, new() { DbMaxconn = each, LimitMemorySoft = soft });
                    string[] touched = ["db_maxconn", "db_maxconn_gevent", "limit_memory_soft"];
                    return set.Where(one => !touched.Contains(one.Name))
                            .SequenceEqual(plain.Where(one => !touched.Contains(one.Name)))
                        && set.Contains(new("limit_memory_soft", soft.ToString(CultureInfo.InvariantCulture)))
                        && set.Contains(new("db_maxconn", each.ToString(CultureInfo.InvariantCulture)));
                }
            );

    private static GenerationPlaces Places => new("/tree/addons", "/data", "/socket", 5432, "gen_shops");

    private static PoolSettings Pool(string name, int workers = 2, int generations = 2, PoolOptions? options = null) =>
        new(new PoolName(name), generations, GenerationSettings.Of(Places, workers, options ?? new()));

    private static PoolSettings With(PoolSettings pool, string option, string value) =>
        pool with
        {
            Settings = [.. pool.Settings.Where(setting => setting.Name != option), new OdooSetting(option, value)],
        };
}
