using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Tidegate.Contracts;

namespace Tidegate.ControlPlane.Access;

/// <summary>Answers that refuse, in one shape.</summary>
public static class Problems
{
    public static JsonHttpResult<ApiProblem> Invalid(string what, string? next = null) =>
        Answer(StatusCodes.Status400BadRequest, ProblemCodes.Invalid, what, next);

    public static JsonHttpResult<ApiProblem> NotFound(string what, string? next = null) =>
        Answer(StatusCodes.Status404NotFound, ProblemCodes.NotFound, what, next);

    public static JsonHttpResult<ApiProblem> Conflict(string what, string? next = null) =>
        Answer(StatusCodes.Status409Conflict, ProblemCodes.Conflict, what, next);

    public static JsonHttpResult<ApiProblem> Blocked(string what, string? next = null) =>
        Answer(StatusCodes.Status422UnprocessableEntity, ProblemCodes.Blocked, what, next);

    public static JsonHttpResult<ApiProblem> Unauthenticated(string what, string? next = null) =>
        Answer(StatusCodes.Status401Unauthorized, ProblemCodes.Unauthenticated, what, next);

    public static JsonHttpResult<ApiProblem> Forbidden(string what, string? next = null) =>
        Answer(StatusCodes.Status403Forbidden, ProblemCodes.Forbidden, what, next);

    public static JsonHttpResult<ApiProblem> Busy(string what, string? next = null) =>
        Answer(StatusCodes.Status429TooManyRequests, ProblemCodes.Busy, what, next);

    private static JsonHttpResult<ApiProblem> Answer(int status, string code, string what, string? next) =>
        TypedResults.Json(new ApiProblem(code, what, next), ApiJson.Options, statusCode: status);
}
