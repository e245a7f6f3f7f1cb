using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts;
using Tidegate.Contracts.Emergencies;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Emergencies;

public static class EmergencyEndpoints
{
    public static void MapEmergencies(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/emergencies", ListAsync).Needs(Permission.ReadEmergencies).AboutWhatIsVisible();
        routes
            .MapGet("/api/emergencies/{id}", ShowAsync)
            .Needs(Permission.ReadEmergencies)
            .About(SubjectKind.Emergency, "id");
        routes
            .MapPost("/api/emergencies/{id}/second", SecondAsync)
            .Needs(Permission.SecondEmergencies)
            .About(SubjectKind.Emergency, "id");
        routes
            .MapPost("/api/emergencies/{id}/close", CloseAsync)
            .Needs(Permission.CloseEmergencies)
            .About(SubjectKind.Emergency, "id");
    }

    private static async Task<IResult> ListAsync(
        EmergencyDesk desk,
        Visible visible,
        CancellationToken cancellationToken
    ) => TypedResults.Ok((await desk.ListAsync(visible, cancellationToken)).Select(View));

    private static async Task<IResult> ShowAsync(string id, EmergencyDesk desk, CancellationToken cancellationToken) =>
        await desk.FindAsync(new EmergencyId(id), cancellationToken) is { } emergency
            ? TypedResults.Ok(View(emergency))
            : Unknown(id);

    private static async Task<IResult> SecondAsync(
        string id,
        SayOfEmergency request,
        EmergencyDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        request.Reason is { } reason && ReleaseNotes.LineRefusal(reason) is { } wrong
            ? Problems.Invalid(wrong)
            : Answer(
                id,
                await desk.SecondAsync(
                    new EmergencyId(id),
                    Actor.Of(context),
                    IsService(context),
                    request.Reason,
                    cancellationToken
                )
            );

    private static async Task<IResult> CloseAsync(
        string id,
        SayOfEmergency request,
        EmergencyDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        string.IsNullOrWhiteSpace(request.Reason)
            ? Problems.Invalid("a review ends with a sentence: what was found, and what is done about it.")
        : ReleaseNotes.LineRefusal(request.Reason) is { } wrong ? Problems.Invalid(wrong)
        : Answer(
            id,
            await desk.CloseAsync(
                new EmergencyId(id),
                Actor.Of(context),
                IsService(context),
                request.Reason,
                cancellationToken
            )
        );

    private static bool IsService(HttpContext context) => Identity.Of(context).Kind is IdentityKind.ServiceAccount;

    private static IResult Answer(string id, EmergencyResult result) =>
        result switch
        {
            EmergencyResult.Said said => TypedResults.Ok(View(said.Emergency)),
            EmergencyResult.Refused refused => Problems.Blocked(refused.What, refused.Next),
            EmergencyResult.Unknown => Unknown(id),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static JsonHttpResult<ApiProblem> Unknown(string id) =>
        Problems.NotFound($"there is no emergency \"{id}\".", "tidegate emergency list shows those there were.");

    private static EmergencyView View(Emergency emergency) =>
        new(
            emergency.Id.Value,
            emergency.Environment.Value,
            emergency.Release.Name,
            emergency.Rollout.Value,
            emergency.Closed is not null ? "closed"
                : emergency.Halted is not null ? "halted"
                : "open",
            emergency.By,
            emergency.Reason,
            emergency.Overrides,
            emergency.At,
            emergency.Expires,
            emergency.SecondUntil,
            View(emergency.Seconded),
            View(emergency.Halted),
            View(emergency.Closed)
        );

    private static EmergencyWordView? View(EmergencyWord? word) =>
        word is null ? null : new(word.By, word.At, word.Reason);
}
