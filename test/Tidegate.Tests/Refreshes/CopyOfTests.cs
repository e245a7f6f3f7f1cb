using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Refreshes;
using Tidegate.Tests.DesiredState;

namespace Tidegate.Tests.Refreshes;

/// <summary>What git may say of copies: never that a tenant which matters to somebody is one.</summary>
public sealed class CopyOfTests
{
    private const string Rest = """
        database: NAME
        hosts: [NAME.example]
        timeZone: Europe/Oslo
        journeys:
          login: journeys
          secret: shop

        """;

    [Fact]
    public void What_is_not_said_is_once_a_week_on_sunday_at_three()
    {
        var terms = Fleet("staging", "tenant: shop-oslo").Fleet().Tenants[new TenantName("shop-copy")].CopyOf!;

        Assert.Equal(new TenantName("shop-oslo"), terms.Source);
        Assert.Equal((RefreshPace.Weekly, DayOfWeek.Sunday, "03:00"), (terms.Refresh, terms.Day, terms.At));
        Assert.Empty(terms.Logins);
        Assert.Empty(terms.Accepted);
    }

    [Fact]
    public void Every_key_is_read()
    {
        var terms = Fleet(
                "staging",
                "tenant: shop-oslo",
                "refresh: daily",
                "day: monday",
                "at: \"23:59\"",
                "logins: [admin]",
                "accept: [carrier_ftp]"
            )
            .Fleet()
            .Tenants[new TenantName("shop-copy")]
            .CopyOf!;

        Assert.Equal((RefreshPace.Daily, DayOfWeek.Monday, "23:59"), (terms.Refresh, terms.Day, terms.At));
        Assert.Equal(["admin"], terms.Logins);
        Assert.Equal(["carrier_ftp"], terms.Accepted);
    }

    [Theory]
    [InlineData("tenant: shop-bergen", "there is no tenants/shop-bergen.yaml")]
    [InlineData("refresh: daily", "the map of a copy has no tenant")]
    [InlineData("tenant: shop-oslo\n  refresh: hourly", "refresh is never, daily or weekly, not \"hourly\"")]
    [InlineData("tenant: shop-oslo\n  day: sundays", "Did you mean \"sunday\"?")]
    [InlineData("tenant: shop-oslo\n  at: \"24:00\"", "at is a time of day from")]
    [InlineData("tenant: shop-oslo\n  at: 3", "at is a time of day from")]
    [InlineData("tenant: shop-oslo\n  masked: false", "has no key \"masked\"")]
    public void What_cannot_be_read_is_told(string copyOf, string says) =>
        Assert.Contains(says, string.Join('\n', Fleet("staging", copyOf).Problems()), StringComparison.Ordinal);

    [Fact]
    public void No_tenant_is_a_copy_of_itself() =>
        Says("shop-copy is a copy of itself", Fleet("staging", "tenant: shop-copy"));

    [Fact]
    public void No_copy_is_made_of_a_copy() =>
        Says(
            "shop-copy is a copy of shop-test, which is itself one of shop-oslo",
            Fleet("staging", "tenant: shop-test")
                .Put("tenants/shop-test.yaml", Tenant("staging", "shop-test", "tenant: shop-oslo"))
        );

    [Fact]
    public void No_copy_lies_beside_its_source_in_one_environment() =>
        Says("shop-copy is in production as shop-oslo is", Fleet("shared", "tenant: shop-oslo"));

    [Fact]
    public void No_copy_lies_in_an_environment_that_gets_its_releases_later() =>
        Says("shop-copy is in production, which gets its releases after staging", Fleet("shared", "tenant: shop-test"));

    [Fact]
    public void A_protected_environment_has_no_copies()
    {
        var fleet = Fleet("staging", "tenant: shop-oslo")
            .Put("policies/safe.yaml", "protection:\n  backup: 26h\n")
            .Put("environments/staging.yaml", "release: 2026.11.1\npolicy: safe\n");

        Says("shop-copy is in staging, whose policy safe asks for protection", fleet);
    }

    [Fact]
    public void No_copy_is_on_another_site_than_its_source()
    {
        var fleet = Fleet("far", "tenant: shop-oslo")
            .Put("sites/far.yaml", "{}\n")
            .Put("pools/far.yaml", "site: far\nenvironment: staging\n");

        Says(
            "shop-copy is on site far, and shop-oslo on local: a copy is made where the backups are, in a pool of site local.",
            fleet
        );
    }

    [Fact]
    public void Where_one_is_a_source_no_other_is_a_copy()
    {
        // The source of one copy is in staging; the other copy would be written over its neighbour.
        var fleet = Fleet("staging", "tenant: shop-oslo")
            .Put("environments/lab.yaml", "release: 2026.11.1\n")
            .Put("pools/lab.yaml", "site: local\nenvironment: lab\n")
            .Put("tenants/shop-lab.yaml", Tenant("lab", "shop-lab", "tenant: shop-test"));

        Says("shop-copy is in staging, of whose tenants others are copies", fleet);
    }

    private static void Says(string what, MemoryFiles fleet)
    {
        var problems = fleet.Problems();
        Assert.Contains(
            problems,
            problem =>
                problem.StartsWith("tenants/shop-copy.yaml:", StringComparison.Ordinal)
                && problem.Contains(what, StringComparison.Ordinal)
        );
    }

    /// <summary>The example, whose shop-oslo is in production and shop-test in staging, and shop-copy in a pool.</summary>
    private static MemoryFiles Fleet(string pool, params string[] copyOf) =>
        MemoryFiles.Example().Put("tenants/shop-copy.yaml", Tenant(pool, "shop-copy", copyOf));

    private static string Tenant(string pool, string name, params string[] copyOf) =>
        $"pool: {pool}\n{Rest.Replace("NAME", name, StringComparison.Ordinal)}copyOf:\n  {string.Join("\n  ", copyOf)}\n";
}
