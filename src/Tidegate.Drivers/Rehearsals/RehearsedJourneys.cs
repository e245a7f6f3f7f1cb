using System.Collections.Immutable;
using System.Text.Json;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Rehearsals;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Journeys;
using Tidegate.Drivers.Journeys.Series19;
using Tidegate.Drivers.Odoo;

namespace Tidegate.Drivers.Rehearsals;

/// <summary>Asks a release that runs on a rehearsal's copy whether the shop works, and which views it can show.</summary>
internal sealed class RehearsedJourneys(RehearsalHome home, StepContext context, string password, TimeProvider clock)
{
    private static readonly TimeSpan ViewsBound = TimeSpan.FromMinutes(10);

    private readonly ImmutableArray<IJourneySeries> _series = [new Odoo19Journeys(home.Inside)];

    /// <param name="kind">Tells apart what is asked three times.</param>
    /// <param name="questions">Null for those of now.</param>
    /// <exception cref="JourneyException">They cannot be made at all.</exception>
    public Task<JourneyReport> MakeAsync(
        string kind,
        RehearsedRelease release,
        string database,
        PriceQuestions? questions,
        CancellationToken cancellationToken
    )
    {
        var bundle =
            new BundleStore(home.Site.Bundles).Find(release.Release.Digest)
            ?? throw new JourneyException($"release {release.Release.Name} is not in the site's store");
        var asked = At(kind, database);
        return new JourneyRunner(_series, home.Postgres, clock).RunAsync(
            new(asked, release.Release, release.Ports, password, PublicAddress.Of(baseUrl: null, asked.Target.Hosts)),
            bundle.Odoo.Series,
            questions ?? PriceQuestions.At(context.Now),
            cancellationToken
        );
    }

    /// <summary>Primary views that cannot be shown.</summary>
    /// <exception cref="JourneyException">The release did not answer.</exception>
    public async Task<(int Shown, ImmutableArray<BrokenView> Broken)> ViewsAsync(
        string kind,
        RehearsedRelease release,
        string database,
        CancellationToken cancellationToken
    )
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(ViewsBound);
        try
        {
            var answers = await ForkedJourneys.AskAsync(
                home.Inside,
                At(kind, database),
                release.Release.Digest,
                $"{context.Upgrade}-{kind}-views-{context.Epoch}",
                new Dictionary<string, object>(StringComparer.Ordinal) { ["views"] = new { } },
                bound.Token
            );
            var answer = ForkedJourneys.CameBack(answers.GetProperty("views"));
            return (
                answer.GetProperty("views").GetInt32(),
                [.. answer.GetProperty("broken").Deserialize<BrokenView[]>(Evidence.Json)!]
            );
        }
        catch (MigratorUnreachableException unreachable)
        {
            throw new JourneyException(unreachable.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new JourneyException($"its views were not shown within {ViewsBound.TotalMinutes:0} minutes");
        }
    }

    private StepContext At(string kind, string database) =>
        context with
        {
            StepId = context.StepId with { Kind = kind },
            Target = context.Target with { Database = database },
        };
}
