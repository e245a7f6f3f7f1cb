using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Tidegate.Contracts;
using Tidegate.Contracts.Fleet;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Following;

/// <summary>What a forge tells. Whoever does not prove to be one gets 401 and nothing happens, whatever is wrong with it.</summary>
internal static class WebhookEndpoints
{
    /// <summary>The largest body that is read, in bytes.</summary>
    private const int Largest = 1 << 20;

    public static async Task<IResult> TakeAsync(
        string forge,
        HttpContext context,
        WebhookDesk desk,
        CancellationToken cancellationToken
    )
    {
        if (await ReadAsync(context.Request, cancellationToken) is not { } body)
        {
            return TypedResults.Json(
                new ApiProblem(ProblemCodes.Invalid, "the body has more than 1 MiB."),
                ApiJson.Options,
                statusCode: StatusCodes.Status413PayloadTooLarge
            );
        }

        var headers = context.Request.Headers;
        return await desk.TakeAsync(
            new(forge, name => headers[name].ToString() is { Length: > 0 } value ? value : null, body),
            cancellationToken
        ) switch
        {
            WebhookResult.Taken => TypedResults.Ok(new WebhookAnswer("sync")),
            WebhookResult.Ignored => TypedResults.Ok(new WebhookAnswer("ignored")),
            WebhookResult.Unread => Problems.Invalid("the body is not what that forge sends."),
            WebhookResult.Unproven => Unproven(),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static JsonHttpResult<ApiProblem> Unproven() =>
        TypedResults.Json(
            new ApiProblem(ProblemCodes.Invalid, "the sender has not proved to be the forge."),
            ApiJson.Options,
            statusCode: StatusCodes.Status401Unauthorized
        );

    /// <returns>Null when it is larger than what is read.</returns>
    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > Largest)
        {
            return null;
        }

        using var body = new MemoryStream();
        var part = new byte[16 << 10];
        while (await request.Body.ReadAsync(part, cancellationToken) is > 0 and var count)
        {
            body.Write(part, 0, count);
            if (body.Length > Largest)
            {
                return null;
            }
        }

        return body.ToArray();
    }
}
