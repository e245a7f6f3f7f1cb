using Spectre.Console;
using Tidegate.Demo.Reporting;
using Tidegate.Demo.Story;

namespace Tidegate.Demo.Screens;

/// <summary>A terminal that a person looks at: one table per rollout, redrawn in place.</summary>
internal sealed class LiveScreen(IAnsiConsole console, TimeProvider clock) : IScreen
{
    public IDisposable Begin(string what) => new Phase(what, Say, clock);

    public void Say(string line) => console.WriteLine(line);

    public async Task<RolloutProgress> FollowAsync(string title, IAsyncEnumerable<RolloutProgress> rollout)
    {
        RolloutProgress? last = null;
        console.WriteLine();
        await console
            .Live(new Text(title))
            .StartAsync(async context =>
            {
                await foreach (var progress in rollout)
                {
                    last = progress;
                    context.UpdateTarget(RolloutTable.Of(title, progress));
                    context.Refresh();
                }
            });
        return last ?? throw new StoryException($"{title}: nothing came of it.");
    }

    public void Summarise(DemoReport report)
    {
        var table = new Table().Title("what the customers saw").RoundedBorder();
        foreach (var column in SummaryRows.Header)
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (var row in SummaryRows.Of(report))
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        console.WriteLine();
        console.Write(table);
        foreach (var sentence in SummaryRows.Reasons(report))
        {
            console.WriteLine(sentence);
        }
    }
}
