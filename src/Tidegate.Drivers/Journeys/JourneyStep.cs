using Npgsql;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Odoo;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Journeys;

/// <summary>What <see cref="Baseline"/> and <see cref="Verify"/> share: from a step to a report, with the migrator's access given for that time only.</summary>
internal sealed class JourneyStep(
    SiteLayout layout,
    SitePostgres site,
    BundleStore bundles,
    IGenerationPorts ports,
    MigratorAccess access,
    JourneyRunner runner
)
{
    /// <exception cref="JourneyException">The journeys cannot be made at all; the message says why.</exception>
    /// <exception cref="StaleEpochException">This control plane is old.</exception>
    public async Task<JourneyReport> MakeAsync(
        StepContext context,
        ReleaseRef release,
        PriceQuestions questions,
        CancellationToken cancellationToken
    )
    {
        var bundle =
            bundles.Find(release.Digest)
            ?? throw new JourneyException($"release {release.Name} is not in the site's store");
        await access.GiveAsync(context, cancellationToken);
        try
        {
            var before = await BaseUrlAsync(context, cancellationToken);
            var target = await TargetAsync(context, release, before, cancellationToken);
            var report = await runner.RunAsync(target, bundle.Odoo.Series, questions, cancellationToken);
            return report with
            {
                Results = [.. report.Results, Unchanged(before, await BaseUrlAsync(context, cancellationToken))],
            };
        }
        finally
        {
            // Also when the step is cut short: nothing of ours may stay on a database that is about to be renamed.
            await LeaveAsync(context, release, CancellationToken.None);
        }
    }

    private async Task LeaveAsync(StepContext context, ReleaseRef release, CancellationToken cancellationToken)
    {
        try
        {
            await new ForkServerClient(layout.ForkServerSocket(context.Target.Pool, release.Digest)).EndAllAsync(
                context.Target.Database,
                context.Epoch,
                cancellationToken
            );
        }
        catch (MigratorUnreachableException)
        {
            // A frozen fork server: what it may hold open is ended by the fence, or by the way back.
        }

        await access.TakeAsync(context, cancellationToken);
    }

    private async Task<JourneyTarget> TargetAsync(
        StepContext context,
        ReleaseRef release,
        string? baseUrl,
        CancellationToken cancellationToken
    )
    {
        var target = context.Target;
        var found =
            await ports.FindAsync(target.Pool, release.Digest, cancellationToken)
            ?? throw new JourneyException($"no generation of {release.Name} runs in pool {target.Pool}");
        var secret = Path.Combine(layout.Secrets, target.Profile.JourneySecret);
        return File.Exists(secret)
            ? new(
                context,
                release,
                found,
                (await File.ReadAllTextAsync(secret, cancellationToken)).Trim(),
                PublicAddress.Of(baseUrl, target.Hosts)
            )
            : throw new JourneyException(
                $"the password of {target.Profile.JourneyLogin} is not in the site's secrets; put it into {secret}"
            );
    }

    private async Task<string?> BaseUrlAsync(StepContext context, CancellationToken cancellationToken)
    {
        await using var session = new NpgsqlConnection(
            site.ConnectionString(
                context.Target.Database,
                DatabaseNames.SiteRole,
                FencedSession.ApplicationName(context.Target.Tenant, context.Epoch)
            )
        );
        await session.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            "SELECT value FROM ir_config_parameter WHERE key = 'web.base.url'",
            session
        );
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    private static JourneyResult Unchanged(string? before, string? after)
    {
        const string Asked = "is web.base.url as before the log in?";
        return string.Equals(before, after, StringComparison.Ordinal)
            ? new("base-url", Asked, before ?? "not set", 0, Verdict.Pass)
            : new("base-url", Asked, $"it became {after} and was {before}", 0, Verdict.Fail);
    }
}
