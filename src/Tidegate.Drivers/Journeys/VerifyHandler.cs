using System.Globalization;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Odoo;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Journeys;

/// <summary>The last question before the shop opens: does it work, and charge, as it did?</summary>
internal sealed class VerifyHandler(SiteLayout layout, JourneyStep journeys) : IStepHandler<Verify>
{
    public async Task<StepOutcome> RunAsync(Verify step, StepContext context, CancellationToken cancellationToken)
    {
        var evidence = EvidenceFiles.Of(layout, context);
        try
        {
            var baseline = await evidence.FindAsync<JourneyReport>(EvidenceFiles.Baseline, cancellationToken);
            if (baseline is null)
            {
                return Failed(context, "there are no journeys on the old release to compare with", evidence: null);
            }

            var report = await journeys.MakeAsync(
                context,
                context.Target.To,
                baseline.Prices?.Questions ?? PriceQuestions.At(baseline.At),
                cancellationToken
            );
            var judgement = JourneyComparison.Judge(baseline, report, context.Target.DeclaredPriceChanges);
            await evidence.WriteAsync(
                EvidenceFiles.Verification,
                new Verification(judgement, report),
                cancellationToken
            );
            return judgement.Verdict is Verdict.Pass
                ? Done(report, judgement)
                : Failed(context, judgement.Reason, EvidenceFiles.Place(context, EvidenceFiles.Verification));
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

    private static StepOutcome.Done Done(JourneyReport report, JourneyJudgement judgement)
    {
        var known = judgement.Known.IsEmpty ? "" : $"; failing before already: {string.Join(", ", judgement.Known)}";
        return new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Results.Length} journeys and {report.Prices?.Rows.Length ?? 0} prices as on the old release, in {report.DurationS:0.0} s{known}"
            )
        );
    }

    private static StepOutcome.Failed Failed(StepContext context, string why, string? evidence) =>
        new($"{context.Target.To.Name} does not work for {context.Target.Tenant}: {why}.", evidence);
}

/// <summary>The evidence of <see cref="Verify"/>.</summary>
internal sealed record Verification(JourneyJudgement Judgement, JourneyReport Report);
