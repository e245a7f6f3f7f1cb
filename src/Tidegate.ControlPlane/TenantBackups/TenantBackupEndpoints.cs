using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts;
using Tidegate.Contracts.Jobs;
using Tidegate.Contracts.TenantBackups;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.ControlPlane.TenantBackups;

public static class TenantBackupEndpoints
{
    private const int MostListed = 500;
    private const int MostWithout = 100;

    public static void MapTenantBackups(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/tenant-backups", NewestAsync).Needs(Permission.ReadTenantBackups).AboutWhatIsVisible();
        routes
            .MapGet("/api/tenant-backups/{id}", ShowAsync)
            .Needs(Permission.ReadTenantBackups)
            .About(SubjectKind.TenantBackup, "id");
        routes
            .MapPost("/api/tenant-backups/{id}/verify", VerifyAsync)
            .Needs(Permission.VerifyTenantBackups)
            .About(SubjectKind.TenantBackup, "id");
        routes
            .MapGet("/api/tenants/{tenant}/backups", ListAsync)
            .Needs(Permission.ReadTenantBackups)
            .About(SubjectKind.Tenant, "tenant");
        routes
            .MapPost("/api/tenants/{tenant}/backups", TakeAsync)
            .Needs(Permission.TakeTenantBackups)
            .About(SubjectKind.Tenant, "tenant");
        routes
            .MapPost("/api/tenants/{tenant}/backups/expire", ExpireAsync)
            .Needs(Permission.ExpireTenantBackups)
            .About(SubjectKind.Tenant, "tenant");
    }

    private static async Task<TenantBackupList> NewestAsync(
        string? after,
        int? limit,
        TenantBackupStore store,
        Visible visible,
        CancellationToken cancellationToken
    )
    {
        var most = Math.Clamp(limit ?? MostListed, 1, MostListed);
        var newest = await store.NewestAsync(
            after is null ? null : new TenantName(after),
            visible,
            most,
            cancellationToken
        );
        var (names, count) = await store.WithoutAsync(visible, MostWithout, cancellationToken);
        return new(
            [.. newest.Select(View)],
            newest.Count == most ? newest[^1].Tenant.Value : null,
            [.. names.Select(name => name.Value)],
            count
        );
    }

    private static async Task<IReadOnlyList<TenantBackupView>> ListAsync(
        string tenant,
        TenantBackupStore store,
        CancellationToken cancellationToken
    ) => [.. (await store.OfTenantAsync(new TenantName(tenant), null, cancellationToken)).Select(View)];

    private static async Task<IResult> ShowAsync(
        string id,
        TenantBackupStore store,
        CancellationToken cancellationToken
    ) =>
        await store.FindAsync(new TenantBackupId(id), cancellationToken) is { } backup
            ? TypedResults.Ok(View(backup))
            : Unknown(id);

    private static async Task<IResult> TakeAsync(
        string tenant,
        TakeBackup request,
        TenantBackupDesk desk,
        TimeProvider clock,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (request.KeepDays is < 1 or > 36500 || (request.KeepDays is not null && request.Evidence))
        {
            return Problems.Invalid("keepDays is 1 to 36500, and evidence is kept without a number of days.");
        }

        var order = new BackupOrder(
            request.Evidence ? BackupClass.Evidence : BackupClass.Manual,
            request.Evidence ? null : clock.GetUtcNow() + TimeSpan.FromDays(request.KeepDays ?? TakeBackup.DefaultDays),
            Actor.Of(context),
            request.Reason
        );
        return Ordered(await desk.TakeAsync(new TenantName(tenant), order, cancellationToken), tenant);
    }

    private static async Task<IResult> VerifyAsync(
        string id,
        OrderReason request,
        TenantBackupDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        await desk.VerifyAsync(new TenantBackupId(id), Actor.Of(context), request.Reason, cancellationToken) is { } job
            ? TypedResults.Ok(new OrderedJob(job.Value))
            : Unknown(id);

    private static async Task<IResult> ExpireAsync(
        string tenant,
        OrderReason request,
        TenantBackupDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        Ordered(
            await desk.ExpireAsync(new TenantName(tenant), Actor.Of(context), request.Reason, cancellationToken),
            tenant
        );

    private static IResult Ordered(JobId? job, string tenant) =>
        job is { } ordered
            ? TypedResults.Ok(new OrderedJob(ordered.Value))
            : Problems.NotFound($"there is no tenant \"{tenant}\".", "tidegate tenant list shows those there are.");

    private static JsonHttpResult<ApiProblem> Unknown(string id) =>
        Problems.NotFound(
            $"there is no backup \"{id}\" of a tenant.",
            "tidegate tenant backups list shows those there are."
        );

    private static TenantBackupView View(TenantBackup backup) =>
        new(
            backup.Id.Value,
            backup.Tenant.Value,
            backup.Site.Value,
            backup.Job.Value,
            backup.Kept.ToString().ToLowerInvariant(),
            backup.KeepUntil,
            backup.TakenAt,
            backup.Release,
            backup.IsGood,
            backup.IsEncrypted,
            backup.DatabaseBytes,
            backup.DumpBytes,
            backup.Files,
            backup.FileBytes,
            backup.NewBytes,
            backup.Faults,
            backup.Verification is { } verified ? new(verified.At, verified.IsGood, verified.Finding) : null,
            backup.Manifest,
            backup.ManifestSha256,
            backup.ExpiredAt
        );
}
