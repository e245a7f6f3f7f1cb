using System.Collections.Immutable;
using CsCheck;
using Tidegate.ControlPlane.Drift;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Tests.Drift;

public sealed class DriftComparisonTests
{
    private static readonly ImmutableArray<FleetMember> Three = DriftSample.Fleet(3);

    /// <summary>Each changes one thing of a site, and is named by one code.</summary>
    private static readonly ImmutableArray<(string Code, Func<LiveSite, LiveSite> Change)> Changes =
    [
        (
            "database-missing",
            site => Cluster(site, cluster => cluster with { Databases = cluster.Databases.Remove("db2") })
        ),
        ("database-owner", site => Database(site, found => found with { Owner = "postgres" })),
        ("database-closed", site => Database(site, found => found with { IsOpen = false })),
        ("database-template", site => Database(site, found => found with { IsTemplate = true })),
        ("right-missing", site => Database(site, found => found with { Rights = found.Rights.Remove(Rights[0]) })),
        ("right-missing", site => Database(site, found => found with { Rights = found.Rights.Remove(Rights[1]) })),
        ("right-extra", site => Database(site, found => found with { Rights = found.Rights.Add("CONNECT of PUBLIC") })),
        ("right-extra", site => Database(site, found => found with { Rights = found.Rights.Add("CONNECT of intern") })),
        ("member-missing", site => Database(site, found => found with { Members = found.Members.Clear() })),
        ("member-extra", site => Database(site, found => found with { Members = found.Members.Add("intern") })),
        ("role-setting", site => Database(site, found => found with { Settings = found.Settings.Clear() })),
        (
            "role-setting",
            site => Database(site, found => found with { Settings = found.Settings.Add($"work_mem=1GB of {Role}") })
        ),
        (
            "role-setting",
            site => Database(site, found => found with { Settings = found.Settings.Add("role=own_db2 of mig_shared") })
        ),
        (
            "role-attributes",
            site => Cluster(site, cluster => cluster with { Powers = cluster.Powers.Add(Role, "SUPERUSER") })
        ),
        ("site-member", site => Cluster(site, cluster => cluster with { SiteMembers = DriftSample.Sorted("intern") })),
        ("generation-digest", site => Process(site, found => found with { Runs = "/home/intern/odoo/odoo-bin" })),
        (
            "generation-arguments",
            site => Process(site, found => found with { Arguments = found.Arguments.Add("--dev=all") })
        ),
        ("generation-stale", site => Process(site, found => found with { IsStale = true })),
        ("generation-option", site => Option(site, options => options.SetItem("limit_time_cpu", "7"))),
        ("generation-option", site => Option(site, options => options.Remove("list_db"))),
        ("generation-option", site => Option(site, options => options.Add("log_level", "debug_sql"))),
        (
            "release-tree",
            site =>
                Generation(
                    site,
                    found =>
                        found with
                        {
                            ChangedFiles = Reading.Seen(ImmutableArray.Create("addons/shop/models/order.py")),
                        }
                )
        ),
        ("route-missing", site => Routes(site, routes => routes.Remove(new("t2")))),
        ("route-generation", site => Route(site, route => route with { Generation = "shared-111111111111" })),
        ("route-database", site => Route(site, route => route with { Database = "db3" })),
        ("route-hosts", site => Route(site, route => route with { Hosts = ["t2.example"] })),
        ("route-ports", site => Route(site, route => route with { Ports = new(1, route.Ports.Evented) })),
        ("route-held", site => Route(site, route => route with { LapsedHold = "u-1" })),
        ("bridge-list", site => List(site, list => list with { Web = list.Web.Remove("db2") })),
        ("bridge-list", site => List(site, list => list with { Cron = list.Cron.Remove("db2") })),
        ("bridge-foreign", site => List(site, list => list with { Cron = list.Cron.Add("somebodys") })),
    ];

    private static string Role => RoleNames.Generation(new("shared"), DriftSample.Release.Digest);

    private static ImmutableArray<string> Rights => ExpectedTenant.Of(Three[1]).Rights;

    [Fact]
    public void Between_equal_states_nothing_differs_however_many_tenants_pools_and_releases_there_are() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 3], Gen.Bool)
            .Sample(
                (tenants, pools, isMixed) =>
                {
                    var members = Enumerable
                        .Range(1, tenants)
                        .Select(number =>
                            DriftSample.Member(
                                number,
                                isMixed && number % 2 == 0 ? DriftSample.Other : null,
                                $"pool{new string('x', number % pools)}"
                            )
                        )
                        .ToImmutableArray();
                    var report = DriftSample.Compare(members, DriftSample.Live(members));

                    Assert.Empty(report.Differences);
                    Assert.Empty(report.Unjudged);
                    Assert.Equal(tenants, report.Judged);
                }
            );

    [Fact]
    public void Every_single_change_is_named_by_exactly_one_code() =>
        Assert.All(
            Changes,
            change =>
            {
                var report = DriftSample.Compare(Three, change.Change(DriftSample.Live(Three)));

                Assert.Equal([change.Code], report.Differences.Select(difference => difference.Code.Name));
                Assert.Empty(report.Unjudged);
            }
        );

    [Fact]
    public void Two_changes_are_both_named_and_say_what_is_expected_and_what_was_found() =>
        Gen.Int[0, Changes.Length - 1]
            .Array[2]
            .Sample(chosen =>
            {
                var (first, second) = (Changes[chosen[0]], Changes[chosen[1]]);
                var live = second.Change(first.Change(DriftSample.Live(Three)));

                var found = DriftSample.Compare(Three, live).Differences;

                // What is gone cannot differ any more, and what leads elsewhere has other ports.
                if (
                    first.Code is not ("database-missing" or "route-missing")
                    && (first.Code, second.Code) is not ("route-generation", "route-ports")
                )
                {
                    Assert.Contains(second.Code, found.Select(difference => difference.Code.Name));
                }

                Assert.All(found, difference => Assert.NotEqual(difference.Expected, difference.Found));
                Assert.Equal(
                    found.Length,
                    found
                        .Select(difference => (difference.Subject, difference.Code, difference.Item))
                        .Distinct()
                        .Count()
                );
            });

    [Fact]
    public void Every_code_is_made_by_some_change_and_found_by_its_name()
    {
        string[] others = ["generation-missing", "options-behind", "module-version", "module-foreign"];

        Assert.Equal(
            DriftCode.All.Select(code => code.Name).Order(StringComparer.Ordinal),
            Changes.Select(change => change.Code).Concat(others).Distinct().Order(StringComparer.Ordinal)
        );
        Assert.All(DriftCode.All, code => Assert.Same(code, DriftCode.Find(code.Name)));
    }

    [Fact]
    public void What_could_not_be_read_is_unknown_and_never_taken_for_equal()
    {
        var silent = new LiveSite(
            new Reading<LiveCluster>.Unknown("PostgreSQL is down"),
            new Reading<ImmutableDictionary<TenantName, LiveRoute>>.Unknown("the gateway is down"),
            new Reading<ImmutableArray<LiveGeneration>>.Unknown("the home cannot be read")
        );

        var report = DriftSample.Compare(Three, silent, new Dictionary<TenantName, ModuleQuestion>());

        Assert.Empty(report.Differences);
        Assert.Equal(
            Enum.GetValues<DriftAspect>(),
            report.Unjudged.Select(unjudged => unjudged.Aspect).Distinct().Order()
        );
        Assert.Equal(3, report.Unjudged.Count(unjudged => unjudged.Aspect is DriftAspect.Modules));
    }

    [Fact]
    public void A_process_that_does_not_run_is_unknown()
    {
        var live = Generation(DriftSample.Live(Three), found => found with { Processes = [found.Processes[0]] });

        var unknown = Assert.Single(DriftSample.Compare(Three, live).Unjudged);

        Assert.Equal(
            (DriftAspect.Generation, "generation/shared-222222222222"),
            (unknown.Aspect, unknown.Subject.ToString())
        );
        Assert.Contains("cron", unknown.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tenant_that_a_rollout_works_on_is_not_judged_and_its_neighbours_are()
    {
        var busy = ImmutableHashSet.Create(new TenantName("t2"));
        var messed = Database(
            Routes(DriftSample.Live(Three), routes => routes.Remove(new("t1"))),
            found => found with { IsOpen = false }
        );

        var report = DriftComparison.Compare(
            ExpectedSite.Of(DriftSample.Site, Three, busy, ImmutableDictionary<TenantName, LastAct>.Empty),
            messed,
            DriftSample.Installed(Three),
            [.. busy]
        );

        Assert.Equal("tenant/t1", Assert.Single(report.Differences).Subject.ToString());
        Assert.All(report.Unjudged, unjudged => Assert.Equal("tenant/t2", unjudged.Subject.ToString()));
        Assert.Equal(4, report.Unjudged.Length);
    }

    [Fact]
    public void What_the_fleet_asks_for_since_is_behind_and_not_by_hand()
    {
        var grown = Three.Select(member => member with { Pool = member.Pool with { Workers = 4 } }).ToImmutableArray();

        var behind = Assert.Single(DriftSample.Compare(grown, DriftSample.Live(Three)).Differences);

        Assert.Equal(
            ("options-behind", "workers", "4", "2"),
            (behind.Code.Name, behind.Item, behind.Expected, behind.Found)
        );
        Assert.Equal(DriftCause.Behind, behind.Cause);
    }

    [Fact]
    public void Host_names_that_Tidegate_led_there_itself_are_behind_and_others_are_by_hand()
    {
        var act = new LastAct(new("r-1"), false, true, "2026.11.2", default, null, ["old.example"]);
        var expected = ExpectedSite.Of(
            DriftSample.Site,
            Three,
            ImmutableHashSet<TenantName>.Empty,
            ImmutableDictionary<TenantName, LastAct>.Empty.Add(new("t2"), act)
        );

        Assert.Equal(DriftCause.Behind, CauseOf("old.example"));
        Assert.Equal(DriftCause.Manual, CauseOf("stolen.example"));

        DriftCause CauseOf(string host) =>
            Assert
                .Single(
                    DriftComparison
                        .Compare(
                            expected,
                            Route(DriftSample.Live(Three), route => route with { Hosts = [host] }),
                            DriftSample.Installed(Three),
                            []
                        )
                        .Differences
                )
                .Cause;
    }

    [Fact]
    public void A_tenant_that_nobody_has_placed_yet_is_behind_and_its_neighbours_are_not()
    {
        var live = Database(
            Routes(DriftSample.Live(Three), routes => routes.Remove(new("t2"))),
            found => found with { Rights = found.Rights.Clear() }
        );
        live = Generation(live, found => found with { ChangedFiles = Reading.Seen(ImmutableArray.Create("a.py")) });

        Assert.Equal(
            ["generation Manual", "tenant Behind", "tenant Behind", "tenant Behind"],
            DriftSample
                .Compare(Three, live)
                .Differences.Select(difference => $"{difference.Subject.Kind} {difference.Cause}")
        );
    }

    [Fact]
    public void A_generation_that_is_not_there_is_missing()
    {
        var live = DriftSample.Live(Three) with { Generations = Reading.Seen(ImmutableArray<LiveGeneration>.Empty) };

        Assert.Equal("generation-missing", Assert.Single(DriftSample.Compare(Three, live).Differences).Code.Name);
    }

    [Fact]
    public void Modules_are_compared_with_the_release()
    {
        var modules = DriftSample.Installed(Three).ToDictionary();
        modules[new("t1")] = Installed(modules[new("t1")], found => found.SetItem("shop", "19.0.9.0"));
        modules[new("t2")] = Installed(modules[new("t2")], found => found.Add("stranger", "1.0"));

        var found = DriftSample.Compare(Three, DriftSample.Live(Three), modules).Differences;

        Assert.Equal(
            ["tenant/t1 module-version shop", "tenant/t2 module-foreign stranger"],
            found.Select(difference => $"{difference.Subject} {difference.Code} {difference.Item}")
        );
        Assert.All(found, difference => Assert.False(difference.Code.IsHealable));
    }

    [Fact]
    public void A_role_that_the_fleet_declares_may_connect_and_need_not()
    {
        var live = Database(
            DriftSample.Live(Three),
            found =>
                found with
                {
                    Rights = found.Rights.Add("CONNECT of reporting"),
                    Members = found.Members.Add("reporting"),
                }
        );

        Assert.Empty(DriftSample.Compare(Three, live).Differences);
    }

    [Fact]
    public void A_password_that_somebody_wrote_is_not_shown()
    {
        var live = Option(DriftSample.Live(Three), options => options.SetItem("admin_passwd", "hunter2"));

        var found = Assert.Single(DriftSample.Compare(Three, live).Differences);

        Assert.Equal(("none", "(a secret)"), (found.Expected, found.Found));
    }

    private static ModuleQuestion Installed(
        ModuleQuestion question,
        Func<ImmutableSortedDictionary<string, string>, ImmutableSortedDictionary<string, string>> change
    ) =>
        question with
        {
            Installed = Reading.Seen(
                change(((Reading<ImmutableSortedDictionary<string, string>>.Seen)question.Installed).Value)
            ),
        };

    private static LiveSite Cluster(LiveSite site, Func<LiveCluster, LiveCluster> change) =>
        site with
        {
            Cluster = Changed(site.Cluster, change),
        };

    private static LiveSite Database(LiveSite site, Func<LiveDatabase, LiveDatabase> change) =>
        Cluster(
            site,
            cluster =>
                cluster.Databases.TryGetValue("db2", out var found)
                    ? cluster with
                    {
                        Databases = cluster.Databases.SetItem("db2", change(found)),
                    }
                    : cluster
        );

    private static LiveSite Routes(
        LiveSite site,
        Func<ImmutableDictionary<TenantName, LiveRoute>, ImmutableDictionary<TenantName, LiveRoute>> change
    ) => site with { Routes = Changed(site.Routes, change) };

    private static LiveSite Route(LiveSite site, Func<LiveRoute, LiveRoute> change) =>
        Routes(
            site,
            routes => routes.TryGetValue(new("t2"), out var found) ? routes.SetItem(new("t2"), change(found)) : routes
        );

    private static LiveSite Generation(LiveSite site, Func<LiveGeneration, LiveGeneration> change) =>
        site with
        {
            Generations = Changed(site.Generations, generations => [change(generations[0])]),
        };

    private static LiveSite Process(LiveSite site, Func<LiveProcess, LiveProcess> change) =>
        Generation(site, found => found with { Processes = found.Processes.SetItem(0, change(found.Processes[0])) });

    private static LiveSite Option(
        LiveSite site,
        Func<ImmutableSortedDictionary<string, string>, ImmutableSortedDictionary<string, string>> change
    ) => Generation(site, found => found with { Settings = Changed(found.Settings, change) });

    private static LiveSite List(LiveSite site, Func<LiveList, LiveList> change) =>
        Generation(site, found => found with { Serves = Changed(found.Serves, change) });

    private static Reading<T> Changed<T>(Reading<T> reading, Func<T, T> change) =>
        Reading.Seen(change(((Reading<T>.Seen)reading).Value));
}
