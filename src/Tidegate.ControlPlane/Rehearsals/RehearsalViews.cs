using Tidegate.Contracts.Rehearsals;
using Tidegate.ControlPlane.Rehearsals.Prediction;

namespace Tidegate.ControlPlane.Rehearsals;

/// <summary>Rehearsals as the API shows them.</summary>
internal static class RehearsalViews
{
    public static RehearsalView Of(RehearsalBrief brief) =>
        new(
            brief.Id.Value,
            brief.Tenant.Value,
            brief.Site.Value,
            brief.From.Name,
            brief.To.Name,
            brief.To.Digest.Value,
            brief.Backup,
            brief.DataAt,
            brief.StartedAt,
            brief.EndedAt,
            brief.HasPassed,
            brief.Reason,
            brief.Class?.ToString()
        );

    /// <param name="past">Cutovers of its site, the newest first.</param>
    public static RehearsalDetails Details(RehearsalRecord record, IReadOnlyList<PastCutover> past) =>
        new(
            new(
                record.Id.Value,
                record.Tenant.Value,
                record.Site.Value,
                record.From.Name,
                record.To.Name,
                record.To.Digest.Value,
                record.Source.Label,
                record.Source.DataAt,
                record.StartedAt,
                record.EndedAt,
                record.HasPassed,
                record.Reason,
                record.Class?.Class.ToString()
            ),
            record.Modules,
            record.Source.ReachedLsn,
            record.Isolation,
            [.. record.Steps.Select(step => new RehearsedStepView(step.Name, step.Seconds, step.Summary))],
            record.Class?.Reasons ?? [],
            record.WayBack is { } back
                ? new(back.ImageOnly, back.ImageOnlyReason, back.Restore, back.Strategies)
                : null,
            record.Parts is { } parts ? Predicted(HoldPrediction.Of(parts, past)) : null,
            record.Seen is { } seen ? Seen(seen) : null
        );

    private static RehearsalPredictionView Predicted(HoldPrediction prediction) =>
        new(
            prediction.Seconds,
            prediction.LowSeconds,
            prediction.HighSeconds,
            prediction.TotalSeconds,
            prediction.Basis
        );

    private static RehearsalSeenView Seen(RehearsalObservation seen) =>
        new(
            new(
                seen.Usage.Seconds,
                seen.Usage.WalBytes,
                seen.Usage.DiskPeakBytes,
                seen.Usage.DatabaseBytesBefore,
                seen.Usage.DatabaseBytesAfter,
                seen.Usage.SampleMs
            ),
            seen.CommandCount,
            [.. seen.Commands.Select(command => new RehearsedCommandView(command.Tag, command.Line, command.Ms))],
            [.. seen.Rewrites.Select(rewrite => rewrite.Table).Distinct(StringComparer.Ordinal)],
            [
                .. seen.Locks.Select(held => new RehearsedLockView(
                    held.Table,
                    held.Mode,
                    held.LongestMs,
                    held.TotalMs,
                    held.LongestIdleMs
                )),
            ],
            [
                .. seen.Tables.Select(rows => new RehearsedTableView(
                    rows.Table,
                    rows.Before,
                    rows.After,
                    rows.Inserted,
                    rows.Updated,
                    rows.Deleted
                )),
            ],
            seen.Changes,
            [
                .. seen.Invariants.Select(figure => new RehearsedFigureView(
                    figure.Name,
                    figure.Before,
                    figure.After,
                    figure.Holds
                )),
            ],
            [.. seen.BrokenViews.Select(view => new BrokenViewView(view.Name, view.Model, view.Error))],
            [.. seen.Oracle.Select(said => new OracleView(said.Question, said.Verdict, said.Sentence))],
            [
                .. seen.Findings.Select(finding => new RehearsalFindingView(
                    finding.Severity.ToString().ToLowerInvariant(),
                    finding.Rule,
                    finding.Code,
                    finding.Where,
                    finding.What,
                    finding.Why,
                    finding.Mend
                )),
            ]
        );
}
