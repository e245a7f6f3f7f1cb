using Tidegate.Contracts.Rollouts;
using Tidegate.Demo.Recording;
using Tidegate.Demo.Reporting;
using Tidegate.Demo.Screens;

namespace Tidegate.Demo.Story;

/// <summary>Takes release after release through the fleet, and writes down what came of each.</summary>
/// <param name="evidence">Where the evidence will be when the demo has ended.</param>
internal sealed class StoryTeller(
    IScreen screen,
    DemoSite site,
    OpenFleet open,
    StoryRollout rollouts,
    Recorder recorder,
    string evidence,
    TimeProvider clock
)
{
    /// <summary>The window is open this long before a rollout begins.</summary>
    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private const int FailuresShown = 5;

    private static readonly (string Name, string Terms) Environment = StoryFleet.Cutover.Environments[0];

    private readonly Dictionary<string, string> _releases = StoryFleet.Cutover.Tenants.ToDictionary(
        tenant => tenant.Name,
        _ => StoryFleet.FirstRelease,
        StringComparer.Ordinal
    );

    /// <summary>What came of the rollouts so far, in order.</summary>
    public List<RolloutReport> Told { get; } = [];

    /// <summary>What did not come out as the story has it; empty when all did.</summary>
    public List<string> Deviations { get; } = [];

    public async Task TellAsync(Chapter chapter, CancellationToken cancellationToken)
    {
        var before = await OidsAsync(cancellationToken);
        var start = clock.GetUtcNow();
        await Task.Delay(Lead, clock, cancellationToken);
        var end = await screen.FollowAsync(
            $"{chapter.Release} to {Environment.Name}",
            rollouts.RunAsync(
                () =>
                    open.Followed.AskAsync(
                        Environment,
                        chapter.Release,
                        open.Releases[chapter.Release],
                        cancellationToken
                    ),
                start,
                cancellationToken
            )
        );
        await TradeOnAsync(start, cancellationToken);
        var record = await recorder.EndAsync(start, cancellationToken);
        var after = await OidsAsync(cancellationToken);
        var tenants = StoryFleet.Cutover.Tenants.Select(tenant => new TenantEvidence(
            tenant.Name,
            tenant.Pool,
            _releases[tenant.Name],
            before[tenant.Database],
            after[tenant.Database],
            record.Held[tenant.Name]
        ));
        Conclude(chapter, end.Rollout, record, [.. tenants]);
    }

    /// <summary>A release that stops early leaves few requests to judge it by: the shops trade on until there are enough.</summary>
    private async Task TradeOnAsync(DateTimeOffset start, CancellationToken cancellationToken)
    {
        if (recorder.SoFar(start).Sent >= StoryCheck.RequestsPerRollout)
        {
            return;
        }

        await using (screen.Begin($"  shops trade on, to {StoryCheck.RequestsPerRollout} requests since it began"))
        {
            while (recorder.SoFar(start).Sent < StoryCheck.RequestsPerRollout)
            {
                await Task.Delay(Look, clock, cancellationToken);
            }
        }
    }

    private void Conclude(Chapter chapter, RolloutView rollout, WindowRecord record, TenantEvidence[] tenants)
    {
        var report = RolloutReports.Of(chapter.Release, rollout, record, tenants, evidence);
        foreach (var tenant in report.Tenants)
        {
            _releases[tenant.Tenant] = tenant.ReleaseAfter;
        }

        Told.Add(report);
        screen.Say(WindowText.Of(record));
        TellFailures(chapter, record);
        foreach (var deviation in StoryCheck.Deviations(chapter, report, tenants))
        {
            screen.Say($"  not as told: {deviation}");
            Deviations.Add(deviation);
        }
    }

    private void TellFailures(Chapter chapter, WindowRecord record)
    {
        if (record.Failures.Count == 0)
        {
            return;
        }

        foreach (var failure in record.Failures.Take(FailuresShown))
        {
            screen.Say($"  failed: {failure}");
        }

        var file = Path.Combine(Directory.CreateDirectory(evidence).FullName, $"{chapter.Release}-failed-requests.txt");
        File.WriteAllLines(file, record.Failures.Select(failure => failure.ToString()));
        screen.Say($"  all {record.Failures.Count} failed requests: {file}");
    }

    private Task<IReadOnlyDictionary<string, uint>> OidsAsync(CancellationToken cancellationToken) =>
        DatabaseOids.ReadAsync(site.Connection("postgres"), cancellationToken);
}
