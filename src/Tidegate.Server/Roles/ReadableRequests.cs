using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Tidegate.Contracts;
using Tidegate.ControlPlane.Access;

namespace Tidegate.Server.Roles;

/// <summary>Refuses, before anything is done, what could not be read or kept: the framework would fail at it, and PostgreSQL.</summary>
internal static class ReadableRequests
{
    public static async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        if (Refusal(context.Request) is { } refusal)
        {
            await refusal.ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private static JsonHttpResult<ApiProblem>? Refusal(HttpRequest request) =>
        HasNul(request) ? Problems.Invalid("the address has the character NUL in it.")
        : IsOtherCharset(request.ContentType)
            ? TypedResults.Json(
                new ApiProblem(ProblemCodes.Invalid, "the body is in another encoding than UTF-8."),
                ApiJson.Options,
                statusCode: StatusCodes.Status415UnsupportedMediaType
            )
        : null;

    private static bool HasNul(HttpRequest request) =>
        request.Path.Value?.Contains('\0', StringComparison.Ordinal) is true
        || request.Query.Any(pair =>
            pair.Key.Contains('\0', StringComparison.Ordinal)
            || pair.Value.Any(value => value?.Contains('\0', StringComparison.Ordinal) is true)
        );

    private static bool IsOtherCharset(string? type) =>
        MediaTypeHeaderValue.TryParse(type, out var media)
        && media.Charset is { HasValue: true } charset
        && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
        && !charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase);
}
