using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Refreshes;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What <c>tenants/NAME.yaml</c> says.</summary>
internal static class TenantSchema
{
    public static readonly DesiredTenant Example = new(
        new TenantName("shop-oslo"),
        new PoolName("shared"),
        "shop_oslo",
        ["oslo.shops.example", "www.oslo.shops.example"],
        "Europe/Oslo",
        new TenantProfile("journeys", "shop-oslo", ["order"]) { ExternalRoles = ["reporting"] }
    )
    {
        Tags = ["flagship"],
        Stores = 3,
        Revenue = 120,
        JoinsOn = new ReleaseName("2026.11.1"),
        CopyOf = new(new TenantName("shop-bergen")) { Day = DayOfWeek.Monday, Logins = ["admin"] },
    };

    private static readonly TextKind Word = new(
        "1 to 40 lower-case letters, digits and hyphens, beginning with a letter",
        NameRules.LongestName,
        NameRules.NamePattern
    );

    private static readonly Keys<TenantProfile> ProfileKeys = new(new("", "", []));

    private static readonly ObjectSchema Journeys = new(
        "map of journeys",
        "How the tenant's journeys log in, and what they may do.",
        [
            ProfileKeys.Required(
                "login",
                new TextKind("an Odoo login of at most 100 letters", 100),
                profile => profile.JourneyLogin,
                "The Odoo user of the journeys."
            ),
            ProfileKeys.Required(
                "secret",
                Word,
                profile => profile.JourneySecret,
                "Where that user's password is: the name of a file in the site's folder secrets. Never the password."
            ),
            ProfileKeys.Optional(
                "writing",
                new ListKind(Word, most: 100),
                profile => profile.WritingJourneys.ToImmutableItems(),
                "Journeys that may write to the tenant's live data, by name. Reading ones always run."
            ),
        ],
        values => new TenantProfile(
            values.Of<string>("login"),
            values.Of<string>("secret"),
            values.Items<string>("writing")
        )
    );

    private static readonly Keys<CopyTerms> CopyKeys = new(new(default(TenantName)));

    private static readonly ObjectSchema Copy = new(
        "map of a copy",
        "Its data are a masked copy of another tenant's. Without it they are its own, and nothing replaces them.",
        [
            CopyKeys.Required(
                "tenant",
                new ReferenceKind(Folders.Tenants),
                copy => copy.Source.Value,
                "Whose backup its data come from: a tenant of the same site, whose environment gets its releases after this one's or apart from them."
            ),
            CopyKeys.Optional(
                "refresh",
                new ChoiceKind<RefreshPace>(RefreshPace.Never, RefreshPace.Daily, RefreshPace.Weekly),
                copy => copy.Refresh,
                "How often it gets them anew by itself."
            ),
            CopyKeys.Optional(
                "day",
                new ChoiceKind<DayOfWeek>(
                    DayOfWeek.Monday,
                    DayOfWeek.Tuesday,
                    DayOfWeek.Wednesday,
                    DayOfWeek.Thursday,
                    DayOfWeek.Friday,
                    DayOfWeek.Saturday,
                    DayOfWeek.Sunday
                ),
                copy => copy.Day,
                "Of the week, where it is weekly."
            ),
            CopyKeys.Optional(
                "at",
                new TextKind("a time of day from 00:00 to 23:59", 5, "(?:[01][0-9]|2[0-3]):[0-5][0-9]"),
                copy => copy.At,
                "By the clock of this tenant's timeZone."
            ),
            CopyKeys.Optional(
                "logins",
                new ListKind(new TextKind("an Odoo login of at most 100 letters", 100), most: 100),
                copy => copy.Logins.ToImmutableItems(),
                "Users who keep login and password of the other tenant. The user of this tenant's journeys has its own password; nobody else can log in."
            ),
            CopyKeys.Optional(
                "accept",
                new ListKind(new TextKind("a module, or one of its columns as module.column", 130), most: 100),
                copy => copy.Accepted.ToImmutableItems(),
                "Modules that keep credentials and bring no script to take them out: that emptying them is enough."
            ),
        ],
        values => new CopyTerms(new TenantName(values.Of<string>("tenant")))
        {
            Refresh = values.Of<RefreshPace>("refresh"),
            Day = values.Of<DayOfWeek>("day"),
            At = values.Of<string>("at"),
            Logins = values.Items<string>("logins"),
            Accepted = values.Items<string>("accept"),
        }
    );

    private static readonly Keys<DesiredTenant> Keys = new(new(default, default, "", [], "", new("", "", [])));

    public static readonly ObjectSchema Schema = new(
        "tenant",
        "One database with its filestore, its host names and its profile: a shop.",
        [
            Keys.Required(
                "pool",
                new ReferenceKind(Folders.Pools),
                tenant => tenant.Pool.Value,
                "The pool that serves it."
            ),
            Keys.Required(
                "database",
                new TextKind(
                    $"a database name of at most {NameRules.LongestDatabaseName} letters: lower-case letters, digits, hyphens and single underscores, beginning with a letter",
                    NameRules.LongestDatabaseName,
                    NameRules.DatabasePattern
                ),
                tenant => tenant.Database,
                "Its database in the site's cluster. No two tenants of a site have one database."
            ),
            Keys.Required(
                "hosts",
                new ListKind(
                    new TextKind(
                        "a host name in lower case without port",
                        NameRules.LongestHost,
                        NameRules.HostPattern
                    ),
                    least: 1,
                    most: 100
                ),
                tenant => tenant.Hosts.ToImmutableItems(),
                "Its host names; the first is the one that journeys use. No two tenants have one host name."
            ),
            Keys.Required("timeZone", new TimeZoneKind(), tenant => tenant.TimeZone, "The shop's time zone."),
            Keys.Required(
                "journeys",
                new MapKind(Journeys),
                tenant => tenant.Profile,
                "How its journeys log in, and what they may do."
            ),
            Keys.Optional(
                "externalRoles",
                new ListKind(new TextKind("a PostgreSQL role of at most 63 letters", 63), most: 100),
                tenant => tenant.Profile.ExternalRoles.ToImmutableItems(),
                "PostgreSQL roles of others that may be connected to the database, like a reporting tool's: a cutover ends their sessions. Any other foreign session is in its way."
            ),
            Keys.Optional(
                "tags",
                new ListKind(Word, most: 100),
                tenant => tenant.Tags.ToImmutableItems(),
                "Words by which objectives and calendars name it together with others."
            ),
            Keys.Optional(
                "stores",
                new NumberKind(1, 100_000),
                tenant => tenant.Stores,
                "How many stores sell with it: what limits.atRisk.stores of a policy counts."
            ),
            Keys.Optional(
                "revenue",
                new NumberKind(1, 1_000_000_000),
                tenant => tenant.Revenue,
                "What it sells, in a unit that all tenants share, like thousands a day: what limits.atRisk.revenue of a policy counts."
            ),
            Keys.Optional(
                "joinsOn",
                new ReferenceKind(Folders.Releases),
                tenant => tenant.JoinsOn?.Value,
                "The release that it runs when it becomes known; without it its environment's. From then on rollouts change it, so it is read once."
            ),
            Keys.Optional("copyOf", new MapKind(Copy), tenant => tenant.CopyOf, Copy.Description),
        ],
        values => new DesiredTenant(
            new TenantName(values.Name),
            new PoolName(values.Of<string>("pool")),
            values.Of<string>("database"),
            values.Items<string>("hosts"),
            values.Of<string>("timeZone"),
            values.Of<TenantProfile>("journeys") with
            {
                ExternalRoles = values.Items<string>("externalRoles"),
            }
        )
        {
            Tags = values.Items<string>("tags"),
            Stores = values.Of<int>("stores"),
            Revenue = values.Said<int>("revenue"),
            JoinsOn = values.Text("joinsOn") is { } release ? new ReleaseName(release) : null,
            CopyOf = values.Of<CopyTerms?>("copyOf"),
        }
    );
}
