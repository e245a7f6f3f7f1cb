using System.Collections.Immutable;
using CsCheck;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Refreshes;

namespace Tidegate.Tests.DesiredState;

/// <summary>Fleets that are whole: three environments, a few pools and tenants, with keys drawn at random.</summary>
internal static class FleetGenerator
{
    private static readonly Gen<string> Word = Gen.OneOf(
        Gen.Const("on"),
        Gen.Const("12"),
        Gen.Const("2026.11"),
        Gen.Const("a: b #c"),
        Gen.Const("\"quoted\" 'too' \\ and \u00e9 \U0001F600"),
        Gen.Const("line\nline\n"),
        Gen.Const("*"),
        Gen.Const("- x"),
        Gen.Const(" blank "),
        Gen.String[Gen.Char[' ', '~'], 1, 30]
    );

    private static readonly Gen<TimeSpan> Duration = Gen.Int[0, 86_400]
        .Select(seconds => TimeSpan.FromSeconds(seconds));

    private static readonly Gen<EnvironmentPolicy> Policy = Gen.Select(
        Gen.Bool,
        Gen.Enum<BusyMode>(),
        Gen.Enum<GateDemand>(),
        Gen.Select(Gen.Int[1, 64], Gen.Long[0, 1L << 50], Duration, Gen.Int[0, 1000]),
        (flag, busy, parity, rules) =>
            new EnvironmentPolicy(new PolicyName("careful"))
            {
                Start = flag ? StartMode.Manual : StartMode.Automatic,
                WhenBusy = busy,
                Limits = flag
                    ? new()
                    {
                        Concurrency = 64,
                        AtRisk = new() { Tenants = 1 + (rules.Item4 % 100), Revenue = 7 },
                    }
                    : new(),
                Gates = new()
                {
                    Parity = parity,
                    Capability = flag ? GateDemand.Required : GateDemand.Off,
                    Drilled = flag ? GateDemand.Required : GateDemand.Off,
                },
                Protection = new()
                {
                    Backup = flag ? rules.Item3 : null,
                    Archive = flag,
                    Restore = flag ? null : rules.Item3,
                    Disk = Math.Round(1 + (rules.Item4 / 200.0), 3),
                    Rehearsal = flag ? rules.Item3 : null,
                },
                Source = new() { OtherMerger = flag, SignedBy = flag ? [new string('A', 40)] : [] },
                Approvals = new()
                {
                    Expiry = rules.Item3,
                    Requirements = flag
                        ?
                        [
                            new("shop")
                            {
                                Count = 2,
                                From = ["shop", "ann"],
                                Including = ["ann"],
                            },
                            new("on")
                            {
                                From = ["bo"],
                                When = new()
                                {
                                    Risks = ["high", "low"],
                                    Classes = ["D"],
                                    Tags = "big and not (on or off)",
                                },
                            },
                        ]
                        : [],
                },
                Emergency = new() { Overrides = flag ? ["approved", "freeze:retail/*"] : [] },
                Expedited = new() { Soak = flag ? rules.Item3 : null, Bake = flag ? null : rules.Item3 },
                Drift = flag ? DriftMode.Heal : DriftMode.Report,
                Rollout = new RolloutRules(
                    WaveSizes: flag ? [rules.Item1, 0] : null,
                    Concurrency: rules.Item1,
                    MaxDatabaseBytes: rules.Item2,
                    BakeSeconds: rules.Item3.TotalSeconds,
                    MaxErrorShare: rules.Item4 / 1000.0
                ),
            }
    );

    private static readonly Gen<DesiredRelease> Release = Gen.Select(
        Word,
        Word.Array[0, 3],
        Gen.Enum<ReleaseRisk>(),
        (summary, changes, risk) =>
            new DesiredRelease(new ReleaseName("2026.11"), ReleaseDigest.Create($"sha256:{new string('a', 64)}"))
            {
                Risk = risk,
                Security = risk is ReleaseRisk.High ? "a till shows another's orders" : null,
                Notes = new() { Summary = summary, BehaviourChanges = [.. changes.Distinct()] },
            }
    );

    private static readonly Gen<DesiredTenant[]> Tenants = Gen.Select(
            Gen.Int[0, 1],
            Gen.Bool,
            Word,
            (pool, joins, login) => (pool, joins, login)
        )
        .Array[0, 6]
        .Select(drawn =>
            WithCopies(
                drawn
                    .Select(
                        (each, number) =>
                            new DesiredTenant(
                                new TenantName($"shop-{number}"),
                                new PoolName($"pool-{each.pool}"),
                                $"shop_{number}",
                                [$"{number}.example", $"www.{number}.example"],
                                number % 2 == 0 ? "Europe/Oslo" : "America/Argentina/Buenos_Aires",
                                new TenantProfile(each.login, "on", each.joins ? ["order"] : [])
                                {
                                    ExternalRoles = each.joins ? ["Reporting Tool"] : [],
                                }
                            )
                            {
                                Tags = number == 0 ? ["big", "on"] : [],
                                Stores = number + 1,
                                Revenue = (number * 7) + 1,
                                JoinsOn = each.joins ? new ReleaseName("2026.11") : null,
                            }
                    )
                    .ToArray()
            )
        );

    /// <summary>Whoever is in staging is a copy of the first in production, where there is one, and no two in the same words.</summary>
    private static DesiredTenant[] WithCopies(DesiredTenant[] tenants)
    {
        var source = tenants.FirstOrDefault(tenant => tenant.Pool.Value is "pool-1");
        return source is null
            ? tenants
            :
            [
                .. tenants.Select(
                    (tenant, number) =>
                        tenant.Pool.Value is "pool-1"
                            ? tenant
                            : tenant with
                            {
                                CopyOf = new(source.Name)
                                {
                                    Refresh = (RefreshPace)(number % 3),
                                    Day = (DayOfWeek)number,
                                    At = $"0{number}:30",
                                    Logins = number % 2 == 0 ? ["on", "12"] : [],
                                },
                            }
                ),
            ];
    }

    public static readonly Gen<DesiredFleet> Fleet = Gen.Select(
        Tenants,
        Policy,
        Release,
        Gen.Select(Duration, Gen.Int[1, 64], Gen.Bool, Word),
        (tenants, policy, release, drawn) =>
            new DesiredFleet(
                new Organisation(drawn.Item4)
                {
                    People = new(
                        [
                            new("ann") { Accounts = ["on", "os/1000"], Emails = ["ann@shops.example"] },
                            new("bo") { Keys = [new string('A', 40)] },
                        ],
                        [new("shop", ["ann", "bo"]), new("nobody", [])]
                    ),
                },
                new([
                    new DesiredSite(new SiteName("no"))
                    {
                        Backups = drawn.Item3
                            ? new(TimeSpan.FromDays(drawn.Item2 + 1))
                            {
                                DifferentialEvery = TimeSpan.FromHours(drawn.Item2),
                                FullsKept = drawn.Item2,
                            }
                            : null,
                        TenantBackups =
                            drawn.Item2 % 2 == 0
                                ? new(TimeSpan.FromMinutes(drawn.Item2 + 10))
                                {
                                    Kept = new(drawn.Item1, 0, 1, drawn.Item2),
                                }
                                : null,
                    },
                ]),
                new([
                    new DesiredEnvironment(new EnvironmentName("staging")),
                    new DesiredEnvironment(new EnvironmentName("production"))
                    {
                        Release = drawn.Item3 ? release.Name : null,
                        Upstream = [new EnvironmentName("staging")],
                        Soak = drawn.Item1,
                        Policy = policy.Name,
                    },
                ]),
                new(
                    Enumerable
                        .Range(0, 2)
                        .Select(number => new DesiredPool(
                            new PoolName($"pool-{number}"),
                            new SiteName("no"),
                            new EnvironmentName(number == 0 ? "staging" : "production")
                        )
                        {
                            Workers = drawn.Item2,
                            Options = new() { LimitMemorySoft = drawn.Item2 << 20, LimitRequest = drawn.Item2 },
                        })
                ),
                new(tenants),
                new([release]),
                new([policy]),
                new(
                    drawn.Item3
                        ?
                        [
                            new RecoveryObjective(new ObjectiveName("selling"), "on", drawn.Item1, TimeSpan.Zero)
                            {
                                Environments = [new EnvironmentName("production")],
                                Tags = tenants.Length > 0 ? ["big"] : [],
                                Documents = ["sale.order"],
                                Drills = new() { ClusterLoss = drawn.Item1 },
                                Proof = GateDemand.Required,
                            },
                        ]
                        : []
                ),
                new([
                    new TradingCalendar(new CalendarName("retail"), Rules(drawn.Item2, drawn.Item3))
                    {
                        TimeZone = drawn.Item3 ? "Europe/Oslo" : null,
                    },
                ])
            )
    );

    /// <summary>One rule of each way to say when.</summary>
    private static ImmutableArray<WrittenRule> Rules(int number, bool flag)
    {
        WrittenTimes[] times =
        [
            new() { Days = "mon-fri", Hours = flag ? "22:00-06:00" : null },
            new() { Hours = "9-17" },
            new() { From = "2026-11-27", To = $"2026-12-{number % 28 + 1:00}" },
            new()
            {
                Rrule = "FREQ=MONTHLY;BYMONTHDAY=-2",
                From = "2026-01-30",
                Except = ["2026-02-27"],
                For = "P5D",
            },
            new() { Cron = $"{number % 60} 22 * * FRI", EndCron = "0 6 * * MON" },
            new() { Cron = "*/15 1 * * *", Until = "06:00" },
        ];
        return
        [
            .. times.Select(
                (when, index) =>
                    new WrittenRule($"rule-{index}")
                    {
                        Effect = (RuleEffect)(index % 3),
                        Scope = new()
                        {
                            Environments = ["prod*"],
                            Sites = flag ? ["no"] : [],
                            Classes = ["C", "D"],
                            Risks = flag ? ["high"] : [],
                            Match = (ScopeCombination)(index % 2),
                        },
                        When = when,
                        TimeZone = index == 1 ? "Europe/Madrid" : null,
                        Gates = flag ? [StartKind.Manual] : [StartKind.Healing, StartKind.Automatic],
                        LetsFinish = flag,
                        MostStarts = index % 3 == 0 ? number : null,
                    }
            ),
            new("black-friday")
            {
                Preset = "black-friday-week",
                Scope = new() { Tenants = ["shop-*"] },
            },
        ];
    }
}
