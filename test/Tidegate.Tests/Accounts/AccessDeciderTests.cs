using System.Collections.Immutable;
using CsCheck;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Accounts;
using Tidegate.ControlPlane.Calendars;

namespace Tidegate.Tests.Accounts;

public sealed class AccessDeciderTests
{
    private static readonly Identity Anna = new(IdentityKind.Person, "anna", ["leads"]);

    private static readonly Gen<Permission> Permissions = One([
        .. Roles.All.SelectMany(role => role.Anywhere.Concat(role.OutsideProduction)).Distinct(),
    ]);

    private static readonly Gen<TagExpression> Expressions = One(
        TagExpression.Parse("vip"),
        TagExpression.Parse("not vip"),
        TagExpression.Parse("spain and vip"),
        TagExpression.Parse("spain or not (vip and flagship)")
    );

    private static readonly Gen<ImmutableArray<string>> Places = One("staging", "production", "pilot")
        .Array[0, 3]
        .Select(names => names.Distinct(StringComparer.Ordinal).ToImmutableArray());

    private static readonly Gen<GrantScope> Scopes = Gen.Select(
        Places,
        Expressions,
        Gen.Bool,
        (places, tags, isTagged) => new GrantScope(places, isTagged ? tags : null)
    );

    private static readonly Gen<Grant> Grants = Gen.Select(
        One([.. Roles.All]),
        Scopes,
        (role, scope) => new Grant("g-1", Anna.ToString(), role, scope)
    );

    private static readonly Gen<TargetPart> Parts = Gen.Select(
        One("staging", "production", "pilot"),
        Gen.Bool,
        One("vip", "spain", "flagship").Array[0, 3],
        Gen.Int[0, 9],
        (environment, isTenant, tags, any) =>
            any == 0
                ? TargetPart.Everything
                : new TargetPart(
                    environment,
                    isTenant ? "shop" : null,
                    isTenant ? [.. tags] : [],
                    environment != "staging"
                )
    );

    private static readonly Gen<AccessTarget> Targets = Parts.Array[0, 3].Select(parts => new AccessTarget([.. parts]));

    private static readonly Gen<ImmutableArray<Grant>> Held = Grants
        .Array[0, 4]
        .Select(grants => grants.ToImmutableArray());

    [Fact]
    public void Adding_a_grant_never_removes_a_right() =>
        Gen.Select(Held, Grants, Permissions, Targets)
            .Sample(
                (held, added, permission, target) =>
                    !May(held, permission, target) || May(held.Add(added), permission, target)
            );

    [Fact]
    public void Nobody_may_what_none_of_their_roles_has() =>
        Gen.Select(Held, Permissions, Targets)
            .Sample(
                (held, permission, target) =>
                    !May(held, permission, target) || held.Any(grant => grant.Role.Has(permission, inProduction: false))
            );

    [Fact]
    public void Narrowing_a_scope_never_widens_it() =>
        Gen.Select(Grants, Scopes, Permissions, Targets)
            .Sample(
                (grant, bound, permission, target) =>
                    May([grant], permission, target)
                    || !May([grant with { Scope = Narrowed(grant.Scope, bound) }], permission, target)
            );

    [Fact]
    public void A_scope_that_contains_another_covers_all_that_the_other_covers() =>
        Gen.Select(Scopes, Scopes, Parts)
            .Sample((wide, narrow, part) => !wide.Contains(narrow) || !narrow.Covers(part) || wide.Covers(part));

    [Fact]
    public void A_token_never_allows_more_than_its_owner_may_nor_than_it_was_made_for() =>
        Gen.Select(Held, Held, Permissions, Targets)
            .Sample(
                (held, ceiling, permission, target) =>
                    !May(new AccessClaim(Anna, held) { Ceiling = ceiling }, permission, target)
                    || (May(held, permission, target) && May(ceiling, permission, target))
            );

    [Fact]
    public void More_targets_never_make_it_easier() =>
        Gen.Select(Held, Permissions, Targets, Parts)
            .Sample(
                (held, permission, target, more) =>
                    target.Parts.IsEmpty
                    || May(held, permission, target)
                    || !May(held, permission, new(target.Parts.Add(more)))
            );

    [Fact]
    public void Who_may_everywhere_may_anywhere() =>
        Gen.Select(Held, Permissions, Targets)
            .Sample(
                (held, permission, target) =>
                    !May(held, permission, AccessTarget.Everything) || May(held, permission, target)
            );

    [Fact]
    public void What_is_shown_in_a_list_is_what_may_be_seen_alone() =>
        Gen.Select(Held, Held, Gen.Bool, Permissions, Parts.Array[0, 8])
            .Sample(
                (held, ceiling, isBound, permission, parts) =>
                {
                    var claim = new AccessClaim(Anna, held) { Ceiling = isBound ? ceiling : null };
                    var fleet = parts
                        .Where(part => part.Environment is not null)
                        .Select((part, number) => part.Tenant is null ? part : part with { Tenant = $"shop-{number}" })
                        .ToList();
                    var visible = AccessDecider.See(claim, permission, fleet);
                    return visible.IsEverything == May(claim, permission, AccessTarget.Everything)
                        && fleet.All(part =>
                            May(claim, permission, new([part]))
                            == (
                                part.Tenant is { } tenant
                                    ? visible.HasTenant(tenant)
                                    : visible.HasEnvironment(part.Environment!)
                            )
                        );
                }
            );

    [Fact]
    public void Who_may_see_tenants_with_tags_sees_no_environment_and_nothing_that_is_not_in_the_fleet()
    {
        TargetPart[] fleet =
        [
            new("production", null, [], IsProduction: true),
            new("production", "shop-oslo", ["vip"], IsProduction: true),
            new("production", "shop-bergen", [], IsProduction: true),
        ];

        var vip = AccessDecider.See(
            new(Anna, Of(Roles.Viewer, new([], TagExpression.Parse("vip")))),
            Permission.ReadFleet,
            fleet
        );
        var both = AccessDecider.See(
            new(Anna, Of(Roles.Viewer, new(["production", "gone"], null))),
            Permission.ReadFleet,
            fleet
        );

        Assert.Equal(["shop-oslo"], vip.Tenants!);
        Assert.Empty(vip.Environments!);
        Assert.False(vip.HasTenant("shop-gone"));
        Assert.Equal(["shop-bergen", "shop-oslo"], both.Tenants!.Order(StringComparer.Ordinal));
        // An environment without pools has rollouts still.
        Assert.Equal(["gone", "production"], both.Environments!.Order(StringComparer.Ordinal));
        Assert.False(both.IsEverything);
    }

    [Fact]
    public void Who_may_everywhere_or_nowhere_is_shown_everything_or_nothing()
    {
        var all = AccessDecider.See(new(Anna, Of(Roles.Viewer, GrantScope.Everywhere)), Permission.ReadFleet, []);
        var none = AccessDecider.See(new(Anna, []), Permission.ReadFleet, []);
        var first = AccessDecider.See(
            new(Anna, Of(Roles.Viewer, GrantScope.Everywhere)) { MustChange = true },
            Permission.ReadFleet,
            []
        );

        Assert.True(all.IsEverything && all.HasTenant("shop-new"));
        Assert.Null(all.Tenants);
        Assert.False(none.IsEverything);
        Assert.Empty(none.Tenants!);
        Assert.False(first.HasTenant("shop-oslo") || first.IsEverything);
    }

    [Fact]
    public void The_order_of_grants_changes_nothing() =>
        Gen.Select(Held, Permissions, Targets)
            .Sample(
                (held, permission, target) =>
                    May(held, permission, target) == May([.. held.Reverse()], permission, target)
            );

    [Fact]
    public void A_developer_acts_outside_production_alone()
    {
        var grants = Of(Roles.Developer, GrantScope.Everywhere);

        Assert.True(May(grants, Permission.StartRollouts, Environment("staging", isProduction: false)));
        Assert.False(May(grants, Permission.StartRollouts, Environment("production", isProduction: true)));
        Assert.False(May(grants, Permission.StartRollouts, AccessTarget.Everything));
        Assert.True(May(grants, Permission.RegisterReleases, AccessTarget.NoShop));
    }

    [Fact]
    public void A_grant_for_tenants_with_tags_is_none_for_their_environment()
    {
        var grants = Of(Roles.Operator, new([], TagExpression.Parse("vip")));
        var vip = new TargetPart("production", "shop-oslo", ["vip"], IsProduction: true);

        Assert.True(May(grants, Permission.RestoreTenants, new([vip])));
        Assert.False(May(grants, Permission.RestoreTenants, new([vip with { Tags = [] }])));
        Assert.False(May(grants, Permission.RestoreTenants, Environment("production", isProduction: true)));
    }

    [Fact]
    public void A_refusal_says_who_what_where_and_which_grant_would_allow_it()
    {
        var refused = Assert.IsType<AccessDecision.Refused>(
            AccessDecider.Decide(
                new AccessClaim(Anna, Of(Roles.Viewer, GrantScope.Everywhere)),
                Permission.StartRollouts,
                Environment("production", isProduction: true)
            )
        );

        Assert.Equal("person/anna may not rollout.start on environment production: no grant says so.", refused.What);
        Assert.Equal(
            "a grant of release-manager for production would allow it: an administrator gives it with tidegate access grants add.",
            refused.Next
        );
    }

    [Fact]
    public void A_password_that_somebody_else_gave_allows_nothing_but_changing_it()
    {
        var claim = new AccessClaim(Anna, Of(Roles.Viewer, GrantScope.Everywhere)) { MustChange = true };

        Assert.False(May(claim, Permission.ReadFleet, AccessTarget.Everything));
        Assert.True(May(claim, Permission.OwnAccount, AccessTarget.NoShop));
    }

    [Fact]
    public void Who_shows_nothing_may_sign_in_and_nothing_else()
    {
        var nobody = new AccessClaim(Identity.Nobody, []);

        Assert.IsType<AccessDecision.Unknown>(AccessDecider.Decide(nobody, Permission.OwnAccount, AccessTarget.NoShop));
        Assert.IsType<AccessDecision.Unknown>(
            AccessDecider.Decide(nobody, Permission.ReadFleet, AccessTarget.Everything)
        );
        Assert.True(May(nobody, Permission.SignIn, AccessTarget.NoShop));
    }

    [Fact]
    public void No_role_holds_the_home()
    {
        var all = Roles.All.SelectMany(role => Of(role, GrantScope.Everywhere)).ToImmutableArray();

        Assert.False(May(all, Permission.HoldHome, AccessTarget.Everything));
        Assert.True(
            May(
                new AccessClaim(Identity.OperatingSystemUser("1000"), []) { HoldsHome = true },
                Permission.HoldHome,
                AccessTarget.Everything
            )
        );
    }

    private static Gen<TValue> One<TValue>(params TValue[] values) =>
        Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static GrantScope Narrowed(GrantScope scope, GrantScope by)
    {
        var places =
            scope.Environments.IsEmpty ? by.Environments
            : by.Environments.IsEmpty ? scope.Environments
            : [.. scope.Environments.Intersect(by.Environments, StringComparer.Ordinal)];
        // Of two scopes that have nothing in common nothing is left, and not everything.
        if (places.IsEmpty && !(scope.Environments.IsEmpty && by.Environments.IsEmpty))
        {
            places = ["nowhere"];
        }

        return new(
            places,
            (scope.Tags, by.Tags) switch
            {
                ({ } own, { } more) => new TagExpression.All([own, more]),
                var (own, more) => own ?? more,
            }
        );
    }

    private static ImmutableArray<Grant> Of(Role role, GrantScope scope) => [new("g-1", Anna.ToString(), role, scope)];

    private static AccessTarget Environment(string name, bool isProduction) =>
        new([new TargetPart(name, null, [], isProduction)]);

    private static bool May(ImmutableArray<Grant> grants, Permission permission, AccessTarget target) =>
        May(new AccessClaim(Anna, grants), permission, target);

    private static bool May(AccessClaim claim, Permission permission, AccessTarget target) =>
        AccessDecider.Decide(claim, permission, target) is AccessDecision.Allowed;
}
