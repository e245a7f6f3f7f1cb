using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Backups;
using Tidegate.Contracts.Jobs;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Backups;

public static class BackupEndpoints
{
    private const int MostListed = 500;

    public static void MapBackups(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/backups", ListAsync).Needs(Permission.ReadBackups);
        routes.MapGet("/api/backups/status", StatusAsync).Needs(Permission.ReadBackups);
        routes.MapPost("/api/backups", RunAsync).Needs(Permission.RunBackups);
        routes.MapPost("/api/backups/verify", VerifyAsync).Needs(Permission.VerifyBackups);
        routes.MapPost("/api/backups/schedule", ScheduleAsync).Needs(Permission.ScheduleBackups);
    }

    private static async Task<IReadOnlyList<BackupView>> ListAsync(
        string? site,
        int? limit,
        BackupStore store,
        CancellationToken cancellationToken
    ) =>
        [
            .. (
                await store.ListAsync(
                    site is null ? null : new SiteName(site),
                    Math.Clamp(limit ?? 50, 1, MostListed),
                    cancellationToken
                )
            ).Select(BackupViews.Of),
        ];

    private static async Task<IReadOnlyList<BackupStatusView>> StatusAsync(
        SiteStore sites,
        BackupStore store,
        BackupSchedules schedules,
        CancellationToken cancellationToken
    )
    {
        List<BackupStatusView> views = [];
        foreach (
            var site in (await sites.ListAsync(cancellationToken)).Keys.OrderBy(
                name => name.Value,
                StringComparer.Ordinal
            )
        )
        {
            views.Add(
                BackupViews.Of(
                    await store.FactsAsync(site, cancellationToken),
                    await schedules.OfAsync(site, cancellationToken)
                )
            );
        }

        return views;
    }

    private static async Task<IResult> RunAsync(
        RunBackup request,
        SiteStore sites,
        JobStore jobs,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        !Enum.TryParse<BackupType>(request.Type, ignoreCase: true, out var type)
            ? Problems.Invalid($"\"{request.Type}\" is no type of backup.", "full, differential or incremental.")
            : await SiteEndpoints.OnSiteAsync(
                request.Site,
                sites,
                async site =>
                    TypedResults.Ok(
                        new OrderedJob(
                            (
                                await jobs.OrderAsync(
                                    BackupKinds.Backup,
                                    BackupKinds.Order(site, type, Actor.Of(context), request.Reason),
                                    cancellationToken
                                )
                            ).Value
                        )
                    ),
                cancellationToken
            );

    private static Task<IResult> VerifyAsync(
        VerifyBackup request,
        SiteStore sites,
        JobStore jobs,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        SiteEndpoints.OnSiteAsync(
            request.Site,
            sites,
            async site =>
                TypedResults.Ok(
                    new OrderedJob(
                        (
                            await jobs.OrderAsync(
                                BackupKinds.Verify,
                                new(
                                    site,
                                    site.Value,
                                    new VerifyBackupJob(request.Label),
                                    Actor.Of(context),
                                    request.Reason,
                                    BackupKinds.Lane,
                                    $"verify-backup:{site}:{request.Label}"
                                ),
                                cancellationToken
                            )
                        ).Value
                    )
                ),
            cancellationToken
        );

    private static Task<IResult> ScheduleAsync(
        ScheduleBackups request,
        SiteStore sites,
        BackupStore store,
        BackupSchedules schedules,
        TimeProvider clock,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        request.FullEveryHours is not (> 0 and < 100_000) || request.DifferentialEveryHours is <= 0 or >= 100_000
            ? Task.FromResult<IResult>(
                Problems.Invalid(
                    "backups are made every so many hours, more than none.",
                    "--full-every 168 --differential-every 24"
                )
            )
            : SiteEndpoints.OnSiteAsync(
                request.Site,
                sites,
                async site =>
                {
                    if (await schedules.InGitAsync(site, cancellationToken) is not null)
                    {
                        return Problems.Blocked(
                            $"sites/{site}.yaml of the repository that is followed says how often {site} is backed up; nothing was changed.",
                            "Change its key backups, and push."
                        );
                    }

                    var schedule = new BackupSchedule(
                        TimeSpan.FromHours(request.FullEveryHours),
                        request.DifferentialEveryHours is { } hours ? TimeSpan.FromHours(hours) : null
                    );
                    await store.SetScheduleAsync(
                        site,
                        schedule,
                        Actor.Of(context),
                        clock.GetUtcNow(),
                        cancellationToken
                    );
                    return TypedResults.Ok(BackupViews.Of(await store.FactsAsync(site, cancellationToken), schedule));
                },
                cancellationToken
            );
}
