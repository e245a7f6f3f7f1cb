using Tidegate.Contracts.Fleet;
using Tidegate.Demo.Story;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Demo.Shops;

/// <summary>Makes the shops of the story out of one template, each with a database, a filestore and passwords of its own.</summary>
internal sealed class ShopFleet(DemoSite site, ShopPasswords passwords)
{
    /// <summary>The database that the shops are copied from.</summary>
    public const string Template = "template";

    private readonly TenantProvisioning _provisioning = new(site.Layout.Cluster);

    /// <summary>Restores the template's database, which the shops are copied from.</summary>
    public async Task RestoreTemplateAsync(TemplateFiles files, CancellationToken cancellationToken)
    {
        var binaries = PostgresBinaries.Find()!; // the site is up
        await _provisioning.CreateEmptyAsync(Template, cancellationToken);
        await Tool.RunAsync(
            Path.Combine(binaries, "pg_restore"),
            [
                $"--host={site.Layout.PostgresSocket}",
                $"--port={SiteLayout.PostgresPort}",
                $"--username={DatabaseNames.SiteRole}",
                // Each of its thousands of statements is a commit. After a crash the demo begins anew anyway.
                $"--dbname=dbname={Template} options='-c synchronous_commit=off'",
                $"--role={DatabaseNames.Owner(Template)}",
                "--no-owner",
                "--no-acl",
                "--exit-on-error",
                "--jobs=2",
                files.Dump,
            ],
            cancellationToken
        );
    }

    /// <summary>One shop's database and files. It is served once the fleet names it.</summary>
    public async Task FurnishAsync(TenantDocument document, TemplateFiles files, CancellationToken cancellationToken)
    {
        await _provisioning.CreateFromTemplateAsync(document.Database, Template, cancellationToken);
        await ShopIdentity.GiveAsync(
            site.Connection(document.Database),
            document,
            passwords,
            Address(document),
            cancellationToken
        );
        await ShopFiles.UnpackAsync(site.Layout, document, files.Filestore, cancellationToken);
    }

    public Uri Address(TenantDocument tenant) => new($"http://{tenant.Hosts[0]}:{site.GatewayPort}");
}
