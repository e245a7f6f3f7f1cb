using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Reading;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Tests.DesiredState;

public sealed class FleetReaderTests
{
    [Fact]
    public void The_example_is_read_as_it_was_written()
    {
        var fleet = MemoryFiles.Example().Fleet();

        Assert.Equal("Example Shops", fleet.Organisation.Name);
        var production = fleet.Environments[new EnvironmentName("production")];
        Assert.Equal(new ReleaseName("2026.11.1"), production.Release);
        Assert.Equal(TimeSpan.FromDays(1), production.Soak);
        Assert.Equal([new EnvironmentName("staging")], production.Upstream);
        var policy = fleet.PolicyOf(production);
        Assert.Equal(1800, policy.Rollout.BakeSeconds);
        Assert.Null(policy.Rollout.Concurrency);
        Assert.Equal(GateDemand.Required, policy.Gates.Validation);
        Assert.Equal(GateDemand.Off, policy.Gates.Parity);
        var shop = fleet.Tenants[new TenantName("shop-oslo")];
        Assert.Equal(["oslo.shops.example"], shop.Hosts);
        Assert.Equal("shop-oslo", shop.Profile.JourneySecret);
        Assert.Equal("production", fleet.EnvironmentOf(shop).Name.Value);
    }

    // One fault each, with the whole message: place, sentence, suggestion.
    [Theory]
    [InlineData(
        "policies/careful.yaml",
        "limits:\n  concurrency: 2\nrollout:\n  concurrency: 3\n",
        "policies/careful.yaml:4:3: concurrency is 3, and the limits of this policy allow 2. Write concurrency: 2, or raise limits.concurrency."
    )]
    [InlineData(
        "policies/careful.yaml",
        "limits:\n  atRisk: {revenue: 20}\n",
        "tenants/shop-oslo.yaml:1:1: it does not say its revenue, and the policy careful of production limits how much revenue may be at risk. Add revenue: what it sells, in the unit of the other tenants."
    )]
    [InlineData(
        "pools/shared.yaml",
        "site: local\nenvironment: production\nworker: 2\n",
        "pools/shared.yaml:3:1: a pool has no key \"worker\". Did you mean \"workers\"?"
    )]
    [InlineData(
        "pools/shared.yaml",
        "site: lokal\nenvironment: production\n",
        "pools/shared.yaml:1:7: there is no sites/lokal.yaml. Did you mean \"local\"?"
    )]
    [InlineData(
        "pools/shared.yaml",
        "site: local\nenvironment: production\nworkers: 010\n",
        "pools/shared.yaml:3:10: workers is a whole number from 1 to 64, not \"010\". Write it without leading zeros: 10."
    )]
    [InlineData(
        "pools/shared.yaml",
        "site: local\nenvironment: production\nworkers: 65\n",
        "pools/shared.yaml:3:10: workers is a whole number from 1 to 64, not \"65\"."
    )]
    [InlineData(
        "pools/shared.yaml",
        "site: local\nenvironment: production\nworkers: \"2\"\n",
        "pools/shared.yaml:3:10: workers is a whole number from 1 to 64, not \"2\". Write it without quotes."
    )]
    [InlineData(
        "pools/shared.yaml",
        "site: local\nenvironment: production\nhosting: sharred\n",
        "pools/shared.yaml:3:10: hosting is shared or dedicated, not \"sharred\". Did you mean \"shared\"?"
    )]
    [InlineData(
        "pools/shared.yaml",
        "site: local\n",
        "pools/shared.yaml:1:1: the pool has no environment. It is the name of an environment."
    )]
    [InlineData(
        "pools/shared.yaml",
        "site: local\nenvironment: production\nsite: local\n",
        "pools/shared.yaml:3:1: the key \"site\" is here twice; the first is in line 1. Keep one of them."
    )]
    [InlineData(
        "pools/shared.yaml",
        "site: &a local\nenvironment: production\n",
        "pools/shared.yaml:1:7: anchors (&name) are not read. Write each value where it belongs."
    )]
    [InlineData(
        "pools/shared.yaml",
        "site: !!str local\nenvironment: production\n",
        "pools/shared.yaml:1:7: tags (!name) are not read. Leave it away."
    )]
    [InlineData(
        "pools/shared.yaml",
        "site: local\nenvironment: production\n<<: {workers: 2}\n",
        "pools/shared.yaml:3:1: merge keys (<<) are not read. Write each value where it belongs."
    )]
    [InlineData(
        "pools/shared.yaml",
        "site: local\nenvironment: production\n---\nsite: local\n",
        "pools/shared.yaml:3:1: a second document begins here. Write one object a file."
    )]
    [InlineData(
        "pools/shared.yaml",
        "",
        "pools/shared.yaml:1:1: the file is empty. An object that has nothing to say is {}."
    )]
    [InlineData(
        "pools/shared.yaml",
        "site: local\n\tenvironment: production\n",
        "pools/shared.yaml:2:1: a tab cannot indent a line. Use blanks."
    )]
    [InlineData(
        "pools/shared.yaml",
        "site: [local, production\nworkers: 2\n",
        "pools/shared.yaml:1:13: the YAML breaks off or is closed wrongly after this place."
    )]
    [InlineData("pools/shared.yaml", "- site\n", "pools/shared.yaml:1:1: a pool is a map of keys and values.")]
    [InlineData(
        "pools/shared.yaml",
        "site: local\nenvironment: production\n\u0441olour: 1\n",
        "pools/shared.yaml:3:1: a pool has no key \"\u0441olour\". \"\u0441\" in it is U+0441, no letter of the English alphabet."
    )]
    [InlineData(
        "pools/shared.yaml",
        "site: l\u043ecal\nenvironment: production\n",
        "pools/shared.yaml:1:7: site is the name of a site, not \"l\u043ecal\". \"\u043e\" in it is U+043E, no letter of the English alphabet."
    )]
    [InlineData(
        "pools/shared.yaml",
        "site: lo\u200bcal\nenvironment: production\n",
        "pools/shared.yaml:1:9: the character U+200B cannot be seen and is not allowed. Remove it; in quotes it may be written as an escape."
    )]
    [InlineData(
        "environments/production.yaml",
        "release: 2026.11\n",
        "environments/production.yaml:1:10: release is the name of a release, not \"2026.11\". Without quotes it means a number: write \"2026.11\"."
    )]
    [InlineData(
        "environments/production.yaml",
        "release: 2026.11.2\n",
        "environments/production.yaml:1:10: there is no releases/2026.11.2.yaml. Did you mean \"2026.11.1\"?"
    )]
    [InlineData(
        "environments/production.yaml",
        "soak: 24h\n",
        "environments/production.yaml:1:7: a soak time without upstream has no meaning: nothing is waited for. Add upstream, or remove soak."
    )]
    [InlineData(
        "environments/production.yaml",
        "upstream: [staging]\nsoak: 1 day\n",
        "environments/production.yaml:2:7: soak is a whole number with s, m, h or d behind it, like 30m, up to 365d, not \"1 day\"."
    )]
    [InlineData(
        "environments/production.yaml",
        "upstream: staging\n",
        "environments/production.yaml:1:11: upstream is a list, each item the name of an environment, not \"staging\". Write [staging]."
    )]
    [InlineData(
        "environments/staging.yaml",
        "upstream: [production]\n",
        "environments/staging.yaml:1:12: production waits for itself: production \u2192 staging \u2192 production."
    )]
    [InlineData("environments/staging.yaml", "policy: careful\n---\n", null)]
    [InlineData(
        "policies/careful.yaml",
        "rollout: {canaries: [shop-test]}\n",
        "environments/production.yaml:7:9: the policy careful has the canary shop-test, which belongs to staging, not to production. Give the environment a policy of its own, or the policy other canaries."
    )]
    [InlineData(
        "policies/careful.yaml",
        "rollout: {bakes: 1m}\n",
        "policies/careful.yaml:1:11: a map of rollout rules has no key \"bakes\". Did you mean \"bake\"?"
    )]
    [InlineData(
        "policies/careful.yaml",
        "source: {review: yes}\n",
        "policies/careful.yaml:1:18: review is true or false, not \"yes\". Did you mean \"true\"?"
    )]
    [InlineData(
        "sites/local.yaml",
        "region: north\n",
        "sites/local.yaml:1:1: a site has no key \"region\". There are backups, tenantBackups."
    )]
    [InlineData(
        "sites/local.yaml",
        "backups:\n  fullEvery: 1d\n  differentialEvery: 24h\n",
        "sites/local.yaml:2:3: differentialEvery is not shorter than fullEvery: there would never be a differential backup. Make it shorter, or leave it out."
    )]
    [InlineData(
        "sites/local.yaml",
        "tenantBackups:\n  every: 5m\n",
        "sites/local.yaml:2:10: every is a whole number with s, m, h or d behind it, like 30m, from 10m up to 365d, not \"5m\"."
    )]
    [InlineData(
        "releases/2026.11.2.yaml",
        "digest: sha256:0000000000000000000000000000000000000000000000000000000000000000\n",
        "releases/2026.11.2.yaml:1:9: 000000000000\u2026 is the digest of releases/2026.11.1.yaml:3:9 too; a digest has one name. Use 2026.11.1."
    )]
    [InlineData(
        "pools/Shared.yaml",
        "{}",
        "pools/Shared.yaml:1:1: \"Shared\" cannot be the name of a pool: use 1 to 40 lower-case letters, digits and hyphens, beginning with a letter."
    )]
    [InlineData(
        "pools/other.yml",
        "{}",
        "pools/other.yml:1:1: pools holds files that end in .yaml, and nothing else. Rename it to other.yaml."
    )]
    [InlineData(
        "tenants/eu/shop.yaml",
        "{}",
        "tenants/eu/shop.yaml:1:1: a folder within tenants is not read. Move its files to tenants."
    )]
    [InlineData(
        "objectives/stock.yaml",
        "process: stock\nrecoveryTime: 1h\nrecoveryPoint: 5 min\ntenants: [shop-oslo]\n",
        "objectives/stock.yaml:3:16: recoveryPoint is a whole number with s, m, h or d behind it, like 30m, up to 365d, not \"5 min\"."
    )]
    [InlineData(
        "objectives/stock.yaml",
        "process: stock\nrecoveryTime: 1h\ntenants: [shop-oslo]\n",
        "objectives/stock.yaml:1:1: the objective has no recoveryPoint. It is a whole number with s, m, h or d behind it, like 30m, up to 365d."
    )]
    [InlineData(
        "objectives/stock.yaml",
        "process: stock\nrecoveryTime: 1h\nrecoveryPoint: 5m\n",
        "objectives/stock.yaml:1:10: the objective is nobody's. Add environments, tags or tenants."
    )]
    [InlineData(
        "objectives/stock.yaml",
        "process: stock\nrecoveryTime: 1h\nrecoveryPoint: 5m\ntenants: [shop-osla]\n",
        "objectives/stock.yaml:4:11: there is no tenants/shop-osla.yaml. Did you mean \"shop-oslo\"?"
    )]
    [InlineData(
        "objectives/stock.yaml",
        "process: stock\nrecoveryTime: 1h\nrecoveryPoint: 5m\ntags: [flagship]\n",
        "objectives/stock.yaml:4:8: no tenant has the tag flagship."
    )]
    [InlineData(
        "objectives/stock.yaml",
        "process: stock\nrecoveryTime: 1h\nrecoveryPoint: 5m\ntenants: [shop-oslo]\ndrills: {cluster_loss: 30d}\n",
        "objectives/stock.yaml:5:10: a map of drills has no key \"cluster_loss\". Did you mean \"cluster-loss\"?"
    )]
    [InlineData(
        "objectives/stock.yaml",
        "process: stock\nrecoveryTime: 1h\nrecoveryPoint: 5m\ntenants: [shop-oslo]\nproof: off\n",
        "objectives/stock.yaml:5:8: proof is report or required, not \"off\"."
    )]
    [InlineData(
        "objectives/stock.yaml",
        "process: order-capture\nrecoveryTime: 1h\nrecoveryPoint: 5m\ntenants: [shop-oslo]\n",
        "objectives/stock.yaml:1:10: shop-oslo has an objective of order-capture already, in objectives/order-capture.yaml:3:10. Leave them to one of the two."
    )]
    [InlineData(
        "journeys/order.yaml",
        "{}",
        "journeys/order.yaml:1:1: journeys are not read by this version of Tidegate. Remove the file."
    )]
    [InlineData(
        "calendars/christmas.yaml",
        "{}",
        "calendars/christmas.yaml:1:1: the calendar has no rules. It is a list of 1 to 500, each item a map of name, preset, effect, scope, when, timeZone, gates, letsFinish, mostStarts."
    )]
    [InlineData(
        "calendars/c.yaml",
        "rules:\n  - name: c\n    effekt: freeze\n",
        "calendars/c.yaml:3:5: a rule has no key \"effekt\". Did you mean \"effect\"?"
    )]
    [InlineData(
        "calendars/c.yaml",
        "rules:\n  - name: c\n    scope: {tenants: [shop-oslo]}\n    when: {days: mon}\n",
        "calendars/c.yaml:2:5: the rule has no effect. It is window, freeze or peak, or a preset's."
    )]
    [InlineData(
        "calendars/c.yaml",
        "rules:\n  - name: c\n    preset: black-friday\n    scope: {tenants: [shop-oslo]}\n",
        "calendars/c.yaml:3:13: preset is store-opening-hours, black-friday-week, christmas, month-end-close, stock-taking, winter-sales or summer-sales, not \"black-friday\"."
    )]
    [InlineData(
        "calendars/c.yaml",
        "rules:\n  - name: c\n    effect: freeze\n    scope: {tenants: [shop-oslo]}\n    when: {hours: 22:00-25:00}\n",
        "calendars/c.yaml:5:19: hours: \"22:00-25:00\" are no hours: 22:00-05:00."
    )]
    [InlineData(
        "calendars/c.yaml",
        "rules:\n  - name: c\n    effect: freeze\n    scope: {tenants: [shop-oslo]}\n    when: {rrule: FREQ=WEEKLY;BYDAY=SU, from: 2026-11-29}\n",
        "calendars/c.yaml:5:19: rrule says when it begins, not when it ends. Say one of for, until."
    )]
    [InlineData(
        "calendars/c.yaml",
        "rules:\n  - name: c\n    effect: freeze\n    scope: {tenants: [shop-oslo]}\n    when: {from: 2026-11-29, to: 2026-11-30, days: mon}\n",
        "calendars/c.yaml:5:52: days does not go with from. With from there may be to."
    )]
    [InlineData(
        "calendars/c.yaml",
        "rules:\n  - name: c\n    effect: freeze\n    scope: {tenants: [shop-oslo]}\n    when: {from: 2026-11-30, to: 2026-11-28}\n",
        "calendars/c.yaml:5:11: c ends before it begins."
    )]
    [InlineData(
        "calendars/c.yaml",
        "timeZone: Europe/Oslo\nrules:\n  - name: c\n    effect: freeze\n    scope: {tenants: [shop-oslo]}\n    when: {from: 2026-11-30T06:00Z, to: 2026-12-01T06:00Z}\n",
        "calendars/c.yaml:6:11: c cannot be read: \"2026-11-30T06:00Z\" is in UTC and Europe/Oslo at once: leave the Z away, or the zone."
    )]
    [InlineData(
        "calendars/c.yaml",
        "rules:\n  - name: c\n    effect: freeze\n    scope: {tenants: [shop-oslo]}\n    when: {cron: 0 0 30 2 *, for: P1D}\n",
        "calendars/c.yaml:5:11: c never begins: no day fits 0 0 30 2 *."
    )]
    [InlineData(
        "calendars/c.yaml",
        "rules:\n  - name: c\n    effect: freeze\n    scope: {tenants: [shop-osle]}\n    when: {days: mon}\n",
        "calendars/c.yaml:4:22: there is no tenants/shop-osle.yaml. Did you mean \"shop-oslo\"?"
    )]
    [InlineData(
        "calendars/c.yaml",
        "rules:\n  - name: c\n    effect: freeze\n    scope: {tags: vip}\n    when: {days: mon}\n",
        "calendars/c.yaml:4:19: no tenant has the tag vip."
    )]
    [InlineData(
        "calendars/c.yaml",
        "rules:\n  - name: c\n    effect: freeze\n    scope: {tags: vip and}\n    when: {days: mon}\n",
        "calendars/c.yaml:4:19: tags: \"vip and\": a tag was expected at its end."
    )]
    [InlineData(
        "calendars/c.yaml",
        "rules:\n  - name: c\n    effect: freeze\n    when: {days: mon}\n",
        "calendars/c.yaml:2:5: c names nobody: say environments, pools, tenants or tags, * for all."
    )]
    [InlineData(
        "calendars/c.yaml",
        "rules:\n  - name: c\n    effect: freeze\n    scope: {tenants: [shop-oslo]}\n    when: {days: mon}\n    mostStarts: 3\n",
        "calendars/c.yaml:6:17: mostStarts is of windows alone. Leave it out: nothing starts while a freeze holds."
    )]
    [InlineData(
        "calendars/c.yaml",
        "rules:\n  - {name: c, effect: freeze, scope: {tenants: [shop-oslo]}, when: {days: mon}}\n  - {name: c, effect: freeze, scope: {tenants: [shop-oslo]}, when: {days: tue}}\n",
        "calendars/c.yaml:3:12: c is the name of calendars/c.yaml:2:12 too. Give it another: an override names the one that it means."
    )]
    [InlineData(
        "calendars/c.yaml",
        "rules:\n  - {name: a, effect: freeze, scope: {tenants: [shop-oslo]}, when: {days: mon}}\n  - {name: b, effect: freeze, scope: {tenants: [shop-oslo]}, when: {days: mon}}\n",
        "calendars/c.yaml:3:68: b says the same as c/a."
    )]
    public void A_fault_is_told_with_its_place(string path, string text, string? expected)
    {
        var problems = MemoryFiles.Example().Put(path, text).Problems();

        Assert.Equal(expected is null ? problems.Take(1) : [expected], problems);
    }

    [Theory]
    [InlineData(
        "hosts: [oslo.shops.example]",
        "hosts: [test.shops.example]",
        "tenants/shop-test.yaml:4:9: the host name test.shops.example belongs to shop-oslo already, in tenants/shop-oslo.yaml:4:9. Give it to one of them."
    )]
    [InlineData(
        "database: shop_oslo",
        "database: shop_test",
        "tenants/shop-test.yaml:3:11: the database shop_test on local belongs to shop-oslo already, in tenants/shop-oslo.yaml:3:11. Give it to one of them."
    )]
    [InlineData(
        "timeZone: Europe/Oslo",
        "timeZone: Europe/Olso",
        "tenants/shop-oslo.yaml:5:11: timeZone is a time zone by its IANA name, like Europe/Oslo, not \"Europe/Olso\". Did you mean \"Europe/Oslo\"?"
    )]
    [InlineData(
        "timeZone: Europe/Oslo",
        "time_zone: Europe/Oslo",
        "tenants/shop-oslo.yaml:5:1: a tenant has no key \"time_zone\". Did you mean \"timeZone\"?"
    )]
    [InlineData(
        "timeZone: Europe/Oslo",
        "timeZone: ../../etc/hostname",
        "tenants/shop-oslo.yaml:5:11: timeZone is a time zone by its IANA name, like Europe/Oslo, not \"../../etc/hostname\"."
    )]
    [InlineData(
        "database: shop_oslo",
        "database: shop__oslo",
        "tenants/shop-oslo.yaml:3:11: database is a database name of at most 48 letters: lower-case letters, digits, hyphens and single underscores, beginning with a letter, not \"shop__oslo\"."
    )]
    public void A_tenant_that_does_not_fit_is_told(string before, string after, string expected)
    {
        var files = MemoryFiles.Example();
        files.Put(
            "tenants/shop-oslo.yaml",
            files.Text("tenants/shop-oslo.yaml").Replace(before, after, StringComparison.Ordinal)
        );

        Assert.Contains(expected, files.Problems());
    }

    [Fact]
    public void A_dedicated_pool_has_one_tenant()
    {
        var files = MemoryFiles.Example();
        files.Put("pools/shared.yaml", files.Text("pools/shared.yaml") + "hosting: dedicated\n");
        files.Put(
            "tenants/shop-rome.yaml",
            files.Text("tenants/shop-oslo.yaml").Replace("oslo", "rome", StringComparison.Ordinal)
        );

        Assert.Equal(
            [
                "tenants/shop-rome.yaml:2:7: the dedicated pool shared belongs to shop-oslo already, in tenants/shop-oslo.yaml:2:7. Give it to one of them.",
            ],
            files.Problems()
        );
    }

    [Fact]
    public void Every_problem_is_told_by_file_and_line_and_a_broken_file_is_no_dangling_reference()
    {
        var problems = MemoryFiles
            .Example()
            .Put("pools/shared.yaml", "site: local\nworkers: many\nenvironment: production\nx: 1\n")
            .Put("environments/production.yaml", "soak: [\n")
            .Remove("tidegate.yaml")
            .Problems();

        Assert.Equal(
            ["environments/production.yaml:", "pools/shared.yaml:2:10", "pools/shared.yaml:4:1:", "tidegate.yaml:1:1:"],
            problems.Select(
                (problem, index) =>
                    problem[
                        ..(
                            index == 0 ? 29
                            : index == 3 ? 18
                            : 22
                        )
                    ]
            )
        );
    }

    [Fact]
    public void Of_many_problems_the_first_are_told_and_all_are_counted()
    {
        var files = MemoryFiles.Example();
        for (var number = 0; number < 300; number++)
        {
            files.Put(FormattableString.Invariant($"sites/s{number:000}.yaml"), "a: 1\nb: 2\n");
        }

        var broken = Assert.IsType<FleetReading.Broken>(files.Reading());

        Assert.Equal(600, broken.Count);
        Assert.Equal(FleetLayout.MostProblems, broken.Problems.Length);
        Assert.Equal("sites/s049.yaml", broken.Problems[^1].File);
    }

    [Fact]
    public void One_changed_file_costs_one_parse()
    {
        var files = MemoryFiles.Example();
        var cache = new DocumentCache();
        var before = Assert.IsType<FleetReading.Good>(files.Reading(cache)).Fleet;
        var reads = files.Reads;

        files.Put(
            "pools/shared.yaml",
            files.Text("pools/shared.yaml").Replace("workers: 4", "workers: 6", StringComparison.Ordinal)
        );
        var after = Assert.IsType<FleetReading.Good>(files.Reading(cache)).Fleet;

        Assert.Equal(reads + 1, files.Reads);
        Assert.Equal(6, after.Pools[new PoolName("shared")].Workers);
        Assert.Same(before.Tenants[0], after.Tenants[0]);
    }

    [Fact]
    public void A_cached_file_that_is_broken_stays_broken()
    {
        var files = MemoryFiles.Example().Put("pools/shared.yaml", "nothing: here\n");
        var cache = new DocumentCache();

        var (first, second) = (files.Reading(cache), files.Reading(cache));

        Assert.Equal(((FleetReading.Broken)first).Problems, ((FleetReading.Broken)second).Problems);
    }

    [Fact]
    public void The_defaults_that_a_policy_shows_are_those_of_a_rollout()
    {
        var policy = new RolloutPolicy();
        var rules = new RolloutRules(
            [.. policy.Canaries.Select(canary => canary.Value)],
            policy.WaveSizes,
            policy.FailureBudget,
            policy.Concurrency,
            policy.CheckpointBudgetBytes,
            policy.MaxDatabaseBytes,
            policy.QuiesceBound.TotalSeconds,
            policy.DrainBound.TotalSeconds,
            policy.HoldBound.TotalSeconds,
            policy.MigrateBound.TotalSeconds,
            policy.Bake.TotalSeconds,
            policy.MaxErrorShare
        );

        Assert.Equal(
            ObjectText.Yaml(RolloutSchema.Schema, rules),
            ObjectText.Yaml(RolloutSchema.Schema, new RolloutRules())
        );
    }
}
