using Tidegate.Cli.Rollouts;
using Tidegate.Contracts.Rollouts;
using Tidegate.Demo.Reporting;
using Tidegate.Demo.Story;

namespace Tidegate.Demo.Screens;

/// <summary>One line per change: for logs, pipes and terminals without colour.</summary>
internal sealed class PlainScreen(TextWriter writer, TimeProvider clock) : IScreen
{
    public IAsyncDisposable Begin(string what) => new Phase(what, () => Task.CompletedTask, Say, clock);

    public void Say(string line) => writer.WriteLine(line);

    public async Task<RolloutProgress> FollowAsync(string title, IAsyncEnumerable<RolloutProgress> rollout)
    {
        Say("");
        Say(title);
        var said = new HashSet<string>(StringComparer.Ordinal);
        RolloutProgress? last = null;
        await foreach (var progress in rollout)
        {
            last = progress;
            foreach (var tenant in progress.Rollout.Tenants.Where(tenant => tenant.State is not "pending"))
            {
                var line = Line(tenant);
                if (said.Add(line))
                {
                    Say($"  {Duration.Text(progress.Elapsed), 8}  {line}");
                }
            }
        }

        return last ?? throw new StoryException($"{title}: nothing came of it.");
    }

    public void Summarise(DemoReport report)
    {
        Say("");
        var rows = SummaryRows.Of(report).Prepend(SummaryRows.Header).ToList();
        var widths = SummaryRows.Header.Select((_, column) => rows.Max(row => row[column].Length)).ToList();
        foreach (var row in rows)
        {
            Say(string.Join("  ", row.Select((cell, column) => Padded(cell, column, widths[column]))));
        }

        foreach (var sentence in SummaryRows.Reasons(report))
        {
            Say(sentence);
        }
    }

    /// <summary>Words stand to the left, figures to the right.</summary>
    private static string Padded(string cell, int column, int width) =>
        column < 2 ? cell.PadRight(width) : cell.PadLeft(width);

    /// <summary>The reason is told once, at the tenant's end; one that was not touched has no reason of its own.</summary>
    private static string Line(UpgradeView tenant)
    {
        var isOver = tenant is { State: "ended", Ending: not "untouched" };
        return RolloutText.Line(isOver ? tenant : tenant with { Reason = null, Evidence = null });
    }
}
