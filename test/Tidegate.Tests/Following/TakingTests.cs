using System.Collections.Immutable;
using System.Text.Json;
using CsCheck;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Following;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Storage;
using Tidegate.Tests.DesiredState;
using static Tidegate.Tests.Following.SourceCommits;

namespace Tidegate.Tests.Following;

using KnownTerms = ImmutableDictionary<EnvironmentName, EnvironmentTerms>;

/// <summary>What taking a state changes, for fleets drawn at random: twice is once, and the way there does not matter.</summary>
public sealed class TakingTests
{
    private static readonly GoodCommit Commit = new(Id(2), Ann, "Change 2", Noon, Noon);

    [Fact]
    public void A_state_that_was_taken_asks_for_nothing_more() =>
        Gen.Select(FleetGenerator.Fleet, FleetGenerator.Fleet)
            .Sample(
                (before, after) =>
                {
                    var known = Taken(after, Taken(before, KnownTerms.Empty));

                    var again = Plan(after, known);

                    Assert.Empty(again.Terms);
                    Assert.Empty(again.Gone);
                    Assert.Empty(again.Asked);
                    Assert.Empty(again.Quiet);
                },
                iter: 200
            );

    [Fact]
    public void What_is_known_in_the_end_does_not_depend_on_what_was_known_before() =>
        Gen.Select(FleetGenerator.Fleet, FleetGenerator.Fleet)
            .Sample(
                (before, after) =>
                    Assert.Equal(
                        Text(Taken(after, KnownTerms.Empty)),
                        Text(Taken(after, Taken(before, KnownTerms.Empty)))
                    ),
                iter: 200
            );

    [Fact]
    public void An_environment_asks_when_its_release_changes_and_only_then() =>
        Gen.Select(FleetGenerator.Fleet, FleetGenerator.Fleet)
            .Sample(
                (before, after) =>
                {
                    var known = Taken(before, KnownTerms.Empty);
                    var plan = Plan(after, known);

                    foreach (var environment in after.Environments)
                    {
                        var old = known.GetValueOrDefault(environment.Name)?.Release?.Digest;
                        var now = environment.Release is { } release
                            ? after.Releases[release].Digest
                            : (ReleaseDigest?)null;
                        Assert.Equal(
                            now is not null && now != old,
                            plan.Asked.Any(asked => asked.Environment == environment.Name)
                        );
                        Assert.Equal(now is null && old is not null, plan.Quiet.Contains(environment.Name));
                    }
                },
                iter: 200
            );

    [Fact]
    public void What_a_plan_settles_is_as_git_says_and_what_it_does_not_is_planned_or_has_a_reason() =>
        Gen.Select(FleetGenerator.Fleet, FleetGenerator.Fleet)
            .Sample(
                (before, after) =>
                {
                    var live = Settled(before, Nothing(before, after), Everything(before));

                    var open = Everything(after);
                    var plan = SettlingPlanner.Plan(new(after, Commit), open, live, Noon);
                    var then = Applied(plan, live);
                    var again = SettlingPlanner.Plan(new(after, Commit), open, then, Noon);

                    Assert.Empty(again.Pools);
                    Assert.Empty(again.Tenants);
                    Assert.Empty(again.Unseen);
                    Assert.Equal(plan.Blockers, again.Blockers);
                    var begun = plan
                        .Settled.Select(each => each.Name)
                        .Concat(plan.ToPlace.Select(tenant => tenant.Value))
                        .Concat(plan.Unseen.Select(unseen => unseen.Tenant.Name.Value))
                        .Concat(plan.Blockers.Select(blocker => blocker.Subject.Split('/')[1]))
                        .ToHashSet(StringComparer.Ordinal);
                    Assert.All(open, each => Assert.Contains(each.Name, begun));
                },
                iter: 200
            );

    [Fact]
    public void Of_very_many_tenants_with_one_cause_some_are_told_and_the_others_counted()
    {
        var fleet = MemoryFiles.Example();
        for (var number = 0; number < 200; number++)
        {
            fleet.Put(
                $"tenants/shop-{number}.yaml",
                $"pool: shared\ndatabase: shop_{number}\nhosts: [s{number}.example]\ntimeZone: Europe/Oslo\njourneys:\n  login: a\n  secret: b\n"
            );
        }

        var desired = fleet.Fleet();
        var live = Nothing(desired, desired) with { Registered = [] };
        var blockers = SettlingPlanner.Plan(new(desired, Commit), Everything(desired), live, Noon).Blockers;

        Assert.Equal(51, blockers.Length);
        Assert.StartsWith("so it is with 152 more", blockers[^1].What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_commit_that_only_moves_lines_leaves_who_changed_an_environment_last()
    {
        const string Policy = "rollout:\n  bake: 30m\ngates:\n  validation: required\n";
        var production = new EnvironmentName("production");
        var files = MemoryFiles.Example();
        files.Put("policies/careful.yaml", Policy);
        var earlier = Taken(files.Fleet(), KnownTerms.Empty);
        earlier = earlier.SetItem(production, earlier[production] with { Commit = "earlier", Author = "Ann" });

        files.Put("policies/careful.yaml", $"# Shops are watched.\n{Policy}");
        var moved = Assert.Single(Plan(files.Fleet(), earlier).Terms);

        Assert.Equal(earlier[production] with { Places = moved.Places }, moved);
        Assert.Equal("policies/careful.yaml:2", earlier[production].Places["rollout.bake"]);
        Assert.Equal("policies/careful.yaml:3", moved.Places["rollout.bake"]);
        Assert.Equal("policies/careful.yaml:5", moved.Places["gates.validation"]);
    }

    private static Acceptance Plan(DesiredFleet fleet, KnownTerms known) =>
        AcceptancePlanner.Plan(new(SourceCommits.Commit(2), fleet, null), new([], null), known, Noon);

    private static KnownTerms Taken(DesiredFleet fleet, KnownTerms known)
    {
        var plan = Plan(fleet, known);
        return known
            .RemoveRange(plan.Gone)
            .SetItems(plan.Terms.Select(terms => KeyValuePair.Create(terms.Environment, terms)));
    }

    private static string Text(KnownTerms known) =>
        JsonSerializer.Serialize(
            known.Values.OrderBy(terms => terms.Environment.Value, StringComparer.Ordinal),
            StoredJson.Options
        );

    private static UnsettledObject[] Everything(DesiredFleet fleet) =>
        [
            .. fleet.Pools.Select(pool => UnsettledObject.Of(pool.Name)),
            .. fleet.Tenants.Select(tenant => UnsettledObject.Of(tenant.Name)),
        ];

    /// <summary>Sites and releases of both, and nothing else.</summary>
    private static LiveFleet Nothing(DesiredFleet one, DesiredFleet other) =>
        new(
            ImmutableDictionary<PoolName, Pool>.Empty,
            ImmutableDictionary<TenantName, FleetMember>.Empty,
            ImmutableDictionary<PoolName, PoolOccupancy>.Empty,
            [.. one.Sites.Concat(other.Sites).Select(site => site.Name)],
            [.. one.Releases.Concat(other.Releases).Select(release => release.Digest)]
        );

    private static LiveFleet Settled(DesiredFleet fleet, LiveFleet live, UnsettledObject[] open) =>
        Applied(SettlingPlanner.Plan(new(fleet, Commit), open, live, Noon), live);

    private static LiveFleet Applied(SettlingPlan plan, LiveFleet live)
    {
        var pools = live.Pools.SetItems(plan.Pools.Select(pool => KeyValuePair.Create(pool.Name, pool)));
        return live with
        {
            Pools = pools,
            Tenants = live.Tenants.SetItems(
                plan.Tenants.Concat(plan.Unseen.Select(unseen => unseen.Tenant))
                    .Select(tenant =>
                        KeyValuePair.Create(
                            tenant.Name,
                            new FleetMember(tenant, pools[tenant.Pool], new("r", tenant.Release), null, false)
                        )
                    )
            ),
        };
    }
}
