using System.Text.Json;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Odoo;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Journeys;

/// <summary>Journeys that a generation's fork server makes (<c>bridge/forkserver/README.md</c>).</summary>
internal static class ForkedJourneys
{
    /// <summary>Asks for journeys on the step's database, whatever came of a job of the same id before.</summary>
    /// <param name="id">The job's.</param>
    /// <param name="journeys">Name to what it needs to know.</param>
    /// <returns>An object with an answer for each name.</returns>
    /// <exception cref="JourneyException">No answers came.</exception>
    /// <exception cref="MigratorUnreachableException">The fork server does not answer, or ended meanwhile.</exception>
    public static async Task<JsonElement> AskAsync(
        SiteLayout layout,
        StepContext context,
        ReleaseDigest release,
        string id,
        IReadOnlyDictionary<string, object> journeys,
        CancellationToken cancellationToken
    )
    {
        var target = context.Target;
        var files = JobFiles.Of(layout, target.Pool, release, id);
        files.ForgetResult();
        var result = await new ForkServerClient(layout.ForkServerSocket(target.Pool, release)).RunAsync(
            new
            {
                op = "journeys",
                id,
                tenant = target.Tenant.Value,
                target.Database,
                context.Epoch,
                journeys,
                files.Log,
                files.Result,
            },
            id,
            files.Result,
            cancellationToken
        );
        return result switch
        {
            { IsLost: true } => throw new MigratorUnreachableException("the fork server ended while it was asked"),
            { Value: { } answers } => answers,
            _ => throw new JourneyException(
                $"the flow ended with exit code {result.Exit}, signal {result.Signal} and no answer"
            ),
        };
    }

    /// <summary>What one journey brought back.</summary>
    /// <exception cref="JourneyException">It did not come out well.</exception>
    public static JsonElement CameBack(JsonElement answer) =>
        answer.TryGetProperty("came_back", out var cameBack)
            ? cameBack
            : throw new JourneyException(answer.GetProperty("error").GetString() ?? "an error without a text");
}
