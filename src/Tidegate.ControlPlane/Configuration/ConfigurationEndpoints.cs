using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Fleet;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Configuration;

public static class ConfigurationEndpoints
{
    public static void MapConfiguration(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/api/pools/{pool}/configuration", CheckAsync)
            .Needs(Permission.ReadFleet)
            .About(SubjectKind.Pool, "pool");

    private static async Task<IResult> CheckAsync(
        string pool,
        string release,
        ConfigurationDesk desk,
        CancellationToken cancellationToken
    ) =>
        await desk.CheckAsync(new PoolName(pool), release, cancellationToken) switch
        {
            PoolCheck.Asked asked => TypedResults.Ok(View(asked)),
            PoolCheck.Unknown unknown => Problems.NotFound(unknown.What, unknown.Next),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static PoolConfigurationView View(PoolCheck.Asked asked)
    {
        var question = asked.Question;
        var pool = question.Taking[0];
        var budget = question.Site is { } site ? ConnectionBudget.Of(question, site) : null;
        return new(
            pool.Pool.Value,
            question.Release.Name,
            asked.Answer.View(),
            budget is null ? null : new(budget.Needed, budget.Offered, budget.Parts),
            [
                .. pool
                    .Settings.Where(setting => !GenerationPlaces.Names.Contains(setting.Name))
                    .Select(setting => new OptionView(setting.Name, setting.Value)),
            ]
        );
    }
}
