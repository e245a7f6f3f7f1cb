using Spectre.Console;
using Tidegate.Demo.Reporting;
using Tidegate.Demo.Story;

namespace Tidegate.Demo.Screens;

/// <summary>A terminal that a person looks at: one table per rollout, redrawn in place.</summary>
internal sealed class LiveScreen(IAnsiConsole console, TimeProvider clock) : IScreen
{
    private readonly RunningPhases _running = new(console, clock);

    public IAsyncDisposable Begin(string what)
    {
        _running.Add(what);
        return new Phase(what, () => _running.RemoveAsync(what), Say, clock);
    }

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
                    context.UpdateTarget(RolloutTable.Of(title, progress, console.Profile.Width));
                    context.Refresh();
                }
            });
        return last ?? throw new StoryException($"{title}: nothing came of it.");
    }

    public void Summarise(DemoReport report)
    {
        console.WriteLine();
        console.WriteLine("what the customers saw");
        if (console.Profile.Width < SummaryRows.Width)
        {
            foreach (var sentence in SummaryRows.Sentences(report))
            {
                console.WriteLine(sentence);
            }
        }
        else
        {
            console.Write(Table(report));
        }

        foreach (var sentence in SummaryRows.Reasons(report))
        {
            console.WriteLine(sentence);
        }
    }

    private static Table Table(DemoReport report)
    {
        var table = new Table().HorizontalBorder();
        foreach (var (header, column) in SummaryRows.Header.Select((header, column) => (header, column)))
        {
            // Words stand to the left, figures to the right.
            var aligned = new TableColumn(header).Alignment(column < 2 ? Justify.Left : Justify.Right);
            table.AddColumn(aligned.Padding(0, 1).NoWrap());
        }

        foreach (var row in SummaryRows.Of(report))
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        return table;
    }
}
