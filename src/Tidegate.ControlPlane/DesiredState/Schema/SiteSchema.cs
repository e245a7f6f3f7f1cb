using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What <c>sites/NAME.yaml</c> says.</summary>
internal static class SiteSchema
{
    public static readonly DesiredSite Example = new(new SiteName("oslo"))
    {
        Backups = new(TimeSpan.FromDays(7)) { DifferentialEvery = TimeSpan.FromDays(1), FullsKept = 4 },
        TenantBackups = new(TimeSpan.FromHours(12)) { Kept = RetentionRules.Default with { Monthly = 24 } },
    };

    /// <summary>More often than this a site would be busy with nothing else.</summary>
    private static readonly TimeSpan MostOften = TimeSpan.FromMinutes(10);

    private static readonly DurationKind Every = new(TimeSpan.FromDays(365), MostOften);

    private static readonly NumberKind Kept = new(0, 1000);

    private static readonly Keys<ClusterBackupTerms> ClusterKeys = new(new(default(TimeSpan)));

    private static readonly ObjectSchema Cluster = new(
        "map of backups",
        "Backups of the site's whole PostgreSQL. Without it they are made as tidegate backup schedule says.",
        [
            ClusterKeys.Required(
                "fullEvery",
                Every,
                backups => backups.FullEvery,
                "How often the whole cluster is backed up in full."
            ),
            ClusterKeys.Optional(
                "differentialEvery",
                Every,
                backups => backups.DifferentialEvery,
                "How often what changed since the last full one is; shorter than that. Without it full ones only."
            ),
            ClusterKeys.Optional(
                "fullsKept",
                new NumberKind(1, 1000),
                backups => backups.FullsKept,
                "Full backups that are kept, with what builds on them and the log since the oldest. What the newest good backup needs stays in any case."
            ),
        ],
        values => new ClusterBackupTerms(values.Of<TimeSpan>("fullEvery"))
        {
            DifferentialEvery = values.Said<TimeSpan>("differentialEvery"),
            FullsKept = values.Of<int>("fullsKept"),
        }
    );

    private static readonly Keys<TenantBackupTerms> TenantKeys = new(new(default(TimeSpan)));

    private static readonly ObjectSchema Tenants = new(
        "map of tenants' backups",
        "Backups of each tenant alone. Without it they are taken as the home's objects.json says, and kept as by the defaults here.",
        [
            TenantKeys.Required(
                "every",
                Every,
                backups => backups.Every,
                "A tenant whose newest backup is older gets another."
            ),
            TenantKeys.Optional(
                "keepAll",
                new DurationKind(TimeSpan.FromDays(365)),
                backups => backups.Kept.Recent,
                "Every scheduled backup this young is kept."
            ),
            TenantKeys.Optional("daily", Kept, backups => backups.Kept.Daily, "One is kept of each of so many days."),
            TenantKeys.Optional(
                "weekly",
                Kept,
                backups => backups.Kept.Weekly,
                "One is kept of each of so many weeks."
            ),
            TenantKeys.Optional(
                "monthly",
                Kept,
                backups => backups.Kept.Monthly,
                "One is kept of each of so many months."
            ),
        ],
        values => new TenantBackupTerms(values.Of<TimeSpan>("every"))
        {
            Kept = new(
                values.Of<TimeSpan>("keepAll"),
                values.Of<int>("daily"),
                values.Of<int>("weekly"),
                values.Of<int>("monthly")
            ),
        }
    );

    private static readonly Keys<DesiredSite> Keys = new(new(default(SiteName)));

    public static readonly ObjectSchema Schema = new(
        "site",
        "A place where things run. What belongs to its machine is not told in git; a file that has nothing to say is {}.",
        [
            Keys.Optional("backups", new MapKind(Cluster), site => site.Backups, Cluster.Description),
            Keys.Optional("tenantBackups", new MapKind(Tenants), site => site.TenantBackups, Tenants.Description),
        ],
        values => new DesiredSite(new SiteName(values.Name))
        {
            Backups = values.Of<ClusterBackupTerms?>("backups"),
            TenantBackups = values.Of<TenantBackupTerms?>("tenantBackups"),
        }
    );
}
