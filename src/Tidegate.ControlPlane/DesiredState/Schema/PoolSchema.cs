using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What <c>pools/NAME.yaml</c> says.</summary>
internal static class PoolSchema
{
    public static readonly DesiredPool Example = new(
        new PoolName("shared"),
        new SiteName("oslo"),
        new EnvironmentName("production")
    )
    {
        Workers = 4,
        Options = new() { LimitTimeCpu = 300, LimitTimeReal = 600 },
    };

    private static readonly Keys<DesiredPool> Keys = new(new(default, default, default));

    public static readonly ObjectSchema Schema = new(
        "pool",
        "A named group of Odoo processes of one site, for the tenants of one environment.",
        [
            Keys.Required(
                "site",
                new ReferenceKind(Folders.Sites),
                pool => pool.Site.Value,
                "Where its processes run."
            ),
            Keys.Required(
                "environment",
                new ReferenceKind(Folders.Environments),
                pool => pool.Environment.Value,
                "The environment that its tenants belong to."
            ),
            Keys.Optional(
                "hosting",
                new ChoiceKind<HostingModel>(HostingModel.Shared, HostingModel.Dedicated),
                pool => pool.Hosting,
                "Whether many tenants share its processes, or one has them alone."
            ),
            Keys.Optional(
                "workers",
                new NumberKind(1, 64),
                pool => pool.Workers,
                "Web workers of each generation. A rollout runs the old and the new generation together."
            ),
            Keys.Optional(
                "options",
                new MapKind(PoolOptionsSchema.Schema),
                pool => pool.Options,
                "Odoo's options, by Odoo's names. Options that Tidegate depends on (proxy_mode, list_db, dbfilter, …) cannot be set."
            ),
        ],
        values => new DesiredPool(
            new PoolName(values.Name),
            new SiteName(values.Of<string>("site")),
            new EnvironmentName(values.Of<string>("environment"))
        )
        {
            Hosting = values.Of<HostingModel>("hosting"),
            Workers = values.Of<int>("workers"),
            Options = values.Of<PoolOptions>("options"),
        }
    );
}
