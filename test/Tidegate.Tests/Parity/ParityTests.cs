using System.Collections.Immutable;
using CsCheck;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Parity;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.Tests.Parity;

public sealed class ParityTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private static readonly ReleaseRef Release = new(
        "2026.11.2",
        ReleaseDigest.Create($"sha256:{new string('2', 64)}")
    );

    private static readonly Gen<TenantParity> Tenants = Gen.Select(
            Gen.Int[1, 9],
            OneOf("19.0", "19.0-20260101"),
            Gen.Dictionary(OneOf("base", "sale", "stock"), OneOf(ModuleState.AsReleased, "19.0.1.0"))[1, 3],
            OneOf("C.UTF-8", "nb_NO.UTF-8"),
            OneOf("15.14", "15.8", "16.2")
        )
        .Select(
            (number, odoo, modules, collation, postgres) =>
                Tenant($"t{number}") with
                {
                    OdooVersion = odoo,
                    Modules = modules.ToImmutableSortedDictionary(StringComparer.Ordinal),
                    Database = Tenant("x").Database! with { Collation = collation, PostgresVersion = postgres },
                }
        );

    public static TheoryData<string> Aspects =>
        ["module", "option", "bridge", "postgres", "extension", "locale", "time-zone", "language"];

    [Fact]
    public void An_environment_resembles_itself() =>
        Assert.Equal(GateVerdict.Pass, Ask([Tenant("a")], [Tenant("b")]).Verdict);

    [Theory]
    [MemberData(nameof(Aspects))]
    public void What_production_has_and_staging_does_not_is_named(string aspect)
    {
        var verdict = Ask([Tenant("a")], [Changed(aspect)]);

        var reason = Assert.Single(verdict.Reasons);
        Assert.Equal((GateVerdict.Fail, $"parity-{aspect}"), (verdict.Verdict, reason.Code));
        Assert.Contains("b", reason.What, StringComparison.Ordinal);
    }

    [Fact]
    public void What_only_staging_has_was_tried_and_is_not_used() =>
        Assert.True(
            Ask(
                [Tenant("a") with { Modules = Tenant("a").Modules.Add("website", ModuleState.AsReleased) }],
                [Tenant("b")]
            ).Verdict is GateVerdict.Pass
        );

    [Fact]
    public void Environments_on_different_releases_are_alike_when_each_is_as_its_release_has_it()
    {
        var newer = Tenant("a") with { OdooVersion = "19.0-20260101" };

        Assert.True(Ask([newer], [Tenant("b")]).Verdict is GateVerdict.Pass);
        Assert.Equal(ParityWeight.Note, Assert.Single(Compare([newer], [Tenant("b")]).Differences).Weight);
    }

    [Fact]
    public void A_module_that_stayed_behind_its_release_is_told() =>
        Assert.Contains(
            "19.0.1.0 instead of its release's 19.0.1.1",
            Ask(
                [Tenant("a")],
                [
                    Tenant("b") with
                    {
                        Modules = Tenant("b").Modules.SetItem("sale", ModuleState.Of("19.0.1.0", "19.0.1.1")),
                    },
                ]
            )
                .Reasons[0]
                .What,
            StringComparison.Ordinal
        );

    [Fact]
    public void Data_of_unknown_age_is_said_to_be_unknown()
    {
        var undated = Tenant("a") with { Database = Tenant("a").Database! with { DataAsOf = null } };

        Assert.Equal(GateVerdict.Inconclusive, Ask([undated], [Tenant("b")]).Verdict);
        Assert.True(Ask([Tenant("a")], [undated]).Verdict is GateVerdict.Pass);
    }

    [Fact]
    public void Data_that_is_too_old_is_named()
    {
        var old = Tenant("a") with { Database = Tenant("a").Database! with { DataAsOf = Noon.AddDays(-31) } };

        Assert.Equal("parity-data-age", Assert.Single(Ask([old], [Tenant("b")]).Reasons).Code);
    }

    [Fact]
    public void An_environment_without_tenants_or_with_one_that_cannot_be_read_is_no_proof()
    {
        Assert.Equal(GateVerdict.Inconclusive, Ask([], []).Verdict);
        Assert.False(
            Ask([Tenant("a")], [Tenant("b"), Tenant("c") with { Database = null }]).Verdict is GateVerdict.Pass
        );
    }

    [Fact]
    public void Whatever_it_is_made_of_an_environment_resembles_itself() =>
        Tenants.Array[1, 20].Sample(tenants => Ask(tenants, tenants).Verdict is GateVerdict.Pass);

    [Fact]
    public void More_tenants_in_staging_never_make_a_new_difference_that_matters() =>
        Gen.Select(Tenants.Array[1, 9], Tenants.Array[1, 9], Tenants)
            .Sample(
                (upstream, downstream, another) =>
                    Matters([.. upstream, another], downstream) <= Matters(upstream, downstream)
            );

    [Fact]
    public void The_order_of_tenants_changes_no_verdict() =>
        Gen.Select(Tenants.Array[1, 9], Tenants.Array[1, 9])
            .Sample(
                (upstream, downstream) =>
                    Ask(upstream, downstream).Verdict == Ask([.. upstream.Reverse()], [.. downstream.Reverse()]).Verdict
            );

    [Fact]
    public void An_environment_that_several_sites_have_read_is_as_if_one_had() =>
        Gen.Select(Tenants.Array[0, 9], Tenants.Array[0, 9])
            .Sample(
                (here, there) =>
                {
                    var shares = new ParityProfile();
                    shares.Add(Sent(ParityProfile.Of(there).ToShare()));
                    shares.Add(Sent(ParityProfile.Of(here).ToShare()));
                    return StoredJson.Write(shares.ToShare())
                        == StoredJson.Write(ParityProfile.Of([.. here, .. there]).ToShare());
                }
            );

    [Fact]
    public void A_site_that_does_not_answer_leaves_its_tenants_unknown()
    {
        var profile = ParityProfile.Of([Tenant("a")]);
        profile.Add(ParityShare.Unanswered(3));

        Assert.Equal((4, 3), (profile.Tenants, profile.Unread));
    }

    private static ParityShare Sent(ParityShare share) => StoredJson.Read<ParityShare>(StoredJson.Write(share));

    private static int Matters(TenantParity[] upstream, TenantParity[] downstream) =>
        Compare(upstream, downstream).Differences.Count(difference => difference.Weight is ParityWeight.Matters);

    private static GateAnswer Ask(TenantParity[] upstream, TenantParity[] downstream) =>
        ParityGate.Ask(Compare(upstream, downstream));

    private static ParityComparison Compare(TenantParity[] upstream, TenantParity[] downstream) =>
        ParityComparison.Compare(
            (new("staging"), ParityProfile.Of(upstream)),
            (new("production"), ParityProfile.Of(downstream)),
            Noon
        );

    private static TenantParity Changed(string aspect)
    {
        var tenant = Tenant("b");
        var database = tenant.Database!;
        return aspect switch
        {
            "module" => tenant with { Modules = tenant.Modules.Add("pos", ModuleState.AsReleased) },
            "option" => tenant with { Options = tenant.Options.SetItem("limit_time_real", "600") },
            "bridge" => tenant with { Bridge = "older" },
            "postgres" => tenant with { Database = database with { PostgresVersion = "16.2" } },
            "extension" => tenant with
            {
                Database = database with { Extensions = database.Extensions.Add("pg_trgm", "1.6") },
            },
            "locale" => tenant with { Database = database with { Collation = "nb_NO.UTF-8" } },
            "time-zone" => tenant with { Database = database with { TimeZone = "Europe/Oslo" } },
            "language" => tenant with { Database = database with { Languages = ["en_US", "nb_NO"] } },
            _ => throw new ArgumentOutOfRangeException(nameof(aspect), aspect, null),
        };
    }

    private static Gen<string> OneOf(params string[] values) =>
        Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static TenantParity Tenant(string name) =>
        new(
            new(name),
            Release,
            "Europe/Oslo",
            "19.0",
            "abc",
            Sorted(("base", ModuleState.AsReleased), ("sale", ModuleState.AsReleased)),
            Sorted(("limit_time_real", "240"), ("workers", "2")),
            new("15.14", Sorted(("plpgsql", "1.0")), "UTF8", "C.UTF-8", "C.UTF-8", "UTC", ["en_US"], Noon.AddDays(-1))
        );

    private static ImmutableSortedDictionary<string, string> Sorted(params (string Key, string Value)[] pairs) =>
        pairs.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
}
