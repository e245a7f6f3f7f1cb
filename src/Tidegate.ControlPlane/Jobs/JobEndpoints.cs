using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts;
using Tidegate.Contracts.Jobs;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Jobs;

public static class JobEndpoints
{
    private const int MostListed = 500;

    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/jobs", ListAsync).Needs(Permission.ReadJobs).AboutWhatIsVisible();
        routes.MapGet("/api/jobs/{id}", ShowAsync).Needs(Permission.ReadJobs).About(SubjectKind.Job, "id");
        routes.MapPost("/api/jobs/{id}/cancel", CancelAsync).Needs(Permission.CancelJobs).About(SubjectKind.Job, "id");
    }

    private static async Task<IReadOnlyList<JobView>> ListAsync(
        string? kind,
        string? subject,
        int? limit,
        JobStore store,
        Visible visible,
        CancellationToken cancellationToken
    ) =>
        [
            .. (
                await store.ListAsync(kind, subject, visible, Math.Clamp(limit ?? 50, 1, MostListed), cancellationToken)
            ).Select(View),
        ];

    private static async Task<IResult> ShowAsync(string id, JobStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(new JobId(id), cancellationToken) is { } job ? TypedResults.Ok(View(job)) : Unknown(id);

    private static async Task<IResult> CancelAsync(
        string id,
        CancelJob request,
        JobStore store,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var cancelled = await store.CancelAsync(new JobId(id), Actor.Of(context), request.Reason, cancellationToken);
        return await store.FindAsync(new JobId(id), cancellationToken) switch
        {
            null => Unknown(id),
            { } job when cancelled || job.Outcome is JobOutcome.Cancelled => TypedResults.Ok(View(job)),
            var job => Problems.Conflict($"job {id} has its outcome already: {Word(job.Outcome)}."),
        };
    }

    private static JsonHttpResult<ApiProblem> Unknown(string id) =>
        Problems.NotFound($"there is no job \"{id}\".", "tidegate job list shows those there are.");

    private static JobView View(Job job) =>
        new(
            job.Id.Value,
            job.Site.Value,
            job.Kind,
            job.Subject,
            job.Actor,
            job.Reason,
            job.CreatedAt,
            job.StartedAt,
            job.EndedAt,
            Word(job.State)!,
            Word(job.Outcome),
            job.Progress is { } progress ? new(progress.Stage, progress.Done, progress.Total, progress.Unit) : null,
            job.Result is { } result ? JsonElement.Parse(result) : null,
            job.Failure
        );

    private static string? Word<TWord>(TWord? word) => word?.ToString()?.ToLowerInvariant();
}
