using System.Globalization;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Odoo;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Journeys;

/// <summary>The journeys on the old release. What fails there is no fault of the new one; what cannot be asked there could not be compared later.</summary>
internal sealed class BaselineHandler(SiteLayout layout, JourneyStep journeys) : IStepHandler<Baseline>
{
    public async Task<StepOutcome> RunAsync(Baseline step, StepContext context, CancellationToken cancellationToken)
    {
        var evidence = EvidenceFiles.Of(layout, context);
        try
        {
            var report = await journeys.MakeAsync(
                context,
                context.Target.From,
                PriceQuestions.At(context.Now),
                cancellationToken
            );
            await evidence.WriteAsync(EvidenceFiles.Baseline, report, cancellationToken);
            return Outcome(context, report);
        }
        catch (JourneyException impossible)
        {
            return Failed(context, impossible.Message, evidence: null);
        }
        catch (StaleEpochException stale)
        {
            return new StepOutcome.Unknown(stale.Message);
        }
    }

    private static StepOutcome Outcome(StepContext context, JourneyReport report)
    {
        var failed = report.Results.Where(result => result.Verdict is Verdict.Fail).ToList();
        return
            report.Results.FirstOrDefault(result => result.Verdict is Verdict.Error or Verdict.Inconclusive)
                is { } unasked
            ? Failed(
                context,
                $"journey {unasked.Journey}: {unasked.Answered}",
                EvidenceFiles.Place(context, EvidenceFiles.Baseline)
            )
            : new StepOutcome.Done(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{report.Results.Length} journeys on {report.Release.Name} in {report.DurationS:0.0} s{Failing(failed)}"
                )
            );
    }

    private static string Failing(List<JourneyResult> failed) =>
        failed.Count == 0
            ? ""
            : $"; failing already: {string.Join(", ", failed.Select(result => $"{result.Journey} ({result.Answered})"))}";

    private static StepOutcome.Failed Failed(StepContext context, string why, string? evidence) =>
        new(
            $"The journeys of {context.Target.Tenant} on {context.Target.From.Name} could not be made: {why}. Nothing was touched.",
            evidence
        );
}
