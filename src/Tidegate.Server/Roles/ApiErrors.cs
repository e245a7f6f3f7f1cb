using Microsoft.AspNetCore.Diagnostics;
using Tidegate.Contracts;

namespace Tidegate.Server.Roles;

/// <summary>The HTTP edge: what nobody answered for becomes one sentence in the shape of every refusal.</summary>
internal static class ApiErrors
{
    public static Task AnswerAsync(HttpContext context)
    {
        var failure = context.Features.Get<IExceptionHandlerFeature>()!.Error;
        var problem = failure is BadHttpRequestException wrong
            ? new ApiProblem(ProblemCodes.Invalid, $"the request cannot be read: {Cause(wrong)}")
            : new ApiProblem(
                ProblemCodes.Failed,
                $"the control plane failed: {failure.Message}",
                "its log (tidegate site status shows where) has the details; the same request may be sent again."
            );
        context.Response.StatusCode = (failure as BadHttpRequestException)?.StatusCode ?? 500;
        return context.Response.WriteAsJsonAsync(problem, ApiJson.Options);
    }

    private static string Cause(BadHttpRequestException wrong) => (wrong.InnerException ?? wrong).Message;
}
