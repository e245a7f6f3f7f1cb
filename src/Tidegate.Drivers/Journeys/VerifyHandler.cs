using System.Globalization;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Odoo;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Journeys;

/// <summary>The last question before the shop opens: does it work, and charge, as it did?</summary>
internal sealed class VerifyHandler(SiteLayout layout, JourneyStep journeys) : IStepHandler<Verify>
{
    public Task<StepOutcome> RunAsync(Verify step, StepContext context, CancellationToken cancellationToken) =>
        step.IsRestored
            ? VerifyRestoredAsync(step, context, cancellationToken)
            : VerifyAsync(context, cancellationToken);

    private async Task<StepOutcome> VerifyAsync(StepContext context, CancellationToken cancellationToken)
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

    /// <summary>
    /// What failed on this release when it was last left is no fault of the way back, and prices were those of then. A
    /// tenant whose journeys cannot be made at all goes back nevertheless: that it could not is no reason to keep it.
    /// </summary>
    private async Task<StepOutcome> VerifyRestoredAsync(
        Verify step,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var evidence = EvidenceFiles.Of(layout, context);
        try
        {
            var report = await journeys.MakeAsync(
                context,
                context.Target.To,
                PriceQuestions.At(context.Now),
                cancellationToken
            );
            var baseline = step.Baseline is { } rollout
                ? await new Evidence(layout.EvidenceOf(rollout, context.Target.Tenant)).FindAsync<JourneyReport>(
                    EvidenceFiles.Baseline,
                    cancellationToken
                )
                : null;
            var judgement = JourneyComparison.Judge(
                (baseline ?? report with { Results = [] }) with
                {
                    Prices = null,
                },
                report with
                {
                    Prices = null,
                },
                []
            );
            await evidence.WriteAsync(
                EvidenceFiles.Verification,
                new Verification(judgement, report),
                cancellationToken
            );
            return judgement.Verdict is Verdict.Pass
                ? new StepOutcome.Done($"{report.Results.Length} journeys on the restored database")
                : Failed(context, judgement.Reason, EvidenceFiles.Place(context, EvidenceFiles.Verification));
        }
        catch (JourneyException impossible)
        {
            return new StepOutcome.Done($"no journey could be made on the restored database: {impossible.Message}");
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
