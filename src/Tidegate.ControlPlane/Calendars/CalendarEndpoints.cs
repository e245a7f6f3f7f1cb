using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts;
using Tidegate.Contracts.Calendars;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Calendars;

public static class CalendarEndpoints
{
    public static void MapCalendars(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/calendars", ListAsync).Needs(Permission.ReadCalendars);
        routes
            .MapGet("/api/calendars.ics", FileAsync)
            .Needs(Permission.ReadCalendars)
            .AboutQuery(("tenant", SubjectKind.Tenant));
        routes.MapGet("/api/calendars/{name}", ShowAsync).Needs(Permission.ReadCalendars);
        routes
            .MapGet("/api/calendar-answers/{tenant}", AskAsync)
            .Needs(Permission.ReadCalendars)
            .About(SubjectKind.Tenant, "tenant");
    }

    private static async Task<CalendarsView> ListAsync(ICalendars calendars, CancellationToken cancellationToken) =>
        (await calendars.InForceAsync(cancellationToken)).View();

    private static async Task<IResult> ShowAsync(
        string name,
        ICalendars calendars,
        CancellationToken cancellationToken
    ) =>
        (await calendars.InForceAsync(cancellationToken)).View() is var view
        && view.Calendars.FirstOrDefault(calendar => calendar.Name == name) is { } found
            ? TypedResults.Ok(view with { Calendars = [found] })
            : Problems.NotFound(
                $"there is no calendar \"{name}\".",
                "tidegate calendar show lists those there are; calendars/NAME.yaml in the fleet repository makes one."
            );

    private static async Task<IResult> FileAsync(
        string? tenant,
        [FromQuery(Name = "class")] string? releaseClass,
        string? risk,
        int? days,
        CalendarDesk desk,
        CancellationToken cancellationToken
    )
    {
        if (days is < 1 or > CalendarDesk.MostDays)
        {
            return Problems.Invalid(
                FormattableString.Invariant($"{days} days are not shown."),
                FormattableString.Invariant($"say 1 to {CalendarDesk.MostDays}.")
            );
        }

        if (Unclear(releaseClass, risk) is { } unclear)
        {
            return unclear;
        }

        if (tenant is null && (releaseClass ?? risk) is not null)
        {
            return Problems.Invalid("a class or risk is asked for, and no tenant.", "say whose calendar: --tenant.");
        }

        var ask = new CalendarFileAsk(tenant is null ? null : new TenantName(tenant), releaseClass, risk, days ?? 366);
        return await desk.FileAsync(ask, cancellationToken) is { } file
            ? TypedResults.Text(file, "text/calendar", System.Text.Encoding.UTF8)
            : Problems.NotFound($"there is no tenant \"{tenant}\".", "tidegate tenant list shows those there are.");
    }

    private static async Task<IResult> AskAsync(
        string tenant,
        string? at,
        string? kind,
        string? release,
        [FromQuery(Name = "class")] string? releaseClass,
        string? risk,
        [FromQuery(Name = "override")] string[]? overrides,
        CalendarDesk desk,
        CancellationToken cancellationToken
    )
    {
        if ((At(at, out var instant) ?? Unclear(releaseClass, risk)) is { } unclear)
        {
            return unclear;
        }

        if (
            !Enum.TryParse<StartKind>(kind ?? nameof(StartKind.Manual), ignoreCase: true, out var start)
            || !Enum.IsDefined(start)
        )
        {
            return Problems.Invalid($"\"{kind}\" is no kind of start.", "it is automatic, manual or healing.");
        }

        var ask = new CalendarAsk(new TenantName(tenant), instant, start, release, overrides ?? [])
        {
            Class = releaseClass,
            Risk = risk,
        };
        return await desk.AskAsync(ask, cancellationToken) switch
        {
            CalendarAskResult.Answered answered => TypedResults.Ok(answered.View(release)),
            CalendarAskResult.Unknown unknown => Problems.NotFound(unknown.What, unknown.Next),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static JsonHttpResult<ApiProblem>? Unclear(string? releaseClass, string? risk) =>
        releaseClass is not (null or "A" or "B" or "C" or "D" or "E")
            ? Problems.Invalid($"\"{releaseClass}\" is no class of releases.", "it is A, B, C, D or E.")
        : risk is not null && ReleaseRisk.Parse(risk) is null
            ? Problems.Invalid($"\"{risk}\" is no risk.", "it is low, normal or high.")
        : null;

    /// <summary>An instant has an offset: a time without one is somebody's, and nobody says whose.</summary>
    private static JsonHttpResult<ApiProblem>? At(string? text, out DateTimeOffset? at)
    {
        at = null;
        if (text is null)
        {
            return null;
        }

        var hasOffset =
            text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal);
        if (
            !hasOffset
            || !text.Contains('T', StringComparison.Ordinal)
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var read)
            || read.Year is < 1970 or > 9000
        )
        {
            return Problems.Invalid(
                $"\"{text}\" is no instant.",
                "write it with its offset: 2026-11-27T22:00Z, 2026-11-27T22:00+01:00."
            );
        }

        at = read;
        return null;
    }
}
