using System.Globalization;
using Spectre.Console;
using Tidegate.Contracts.Rollouts;
using Tidegate.Demo.Story;

namespace Tidegate.Demo.Screens;

/// <summary>A rollout as a table: wave, tenant, where it stands. The word says it; shape and colour only help.</summary>
internal static class RolloutTable
{
    // Below, the columns that can be done without give way to the others.
    private const int FullWidth = 80;

    public static Table Of(string title, RolloutProgress progress, int width)
    {
        var columns = Columns.Where(column => column.IsNeeded || width >= FullWidth).ToList();
        var table = new Table()
            .Title(Markup.Escape($"{title}   {Duration.Text(progress.Elapsed)}"))
            .Caption(Markup.Escape(Traffic(progress)))
            .HorizontalBorder();
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(column.Name).Alignment(column.Side).Padding(0, 2).NoWrap());
        }

        foreach (var tenant in progress.Rollout.Tenants)
        {
            table.AddRow([.. columns.Select(column => column.Cell(tenant, progress.At))]);
        }

        return table;
    }

    private static IReadOnlyList<Column> Columns { get; } =
    [
        new("wave", Justify.Left, (tenant, _) => tenant.Wave.ToString(CultureInfo.InvariantCulture)),
        new("tenant", Justify.Left, (tenant, _) => Markup.Escape(tenant.Tenant)),
        new("pool", Justify.Left, (tenant, _) => Markup.Escape(tenant.Pool), IsNeeded: false),
        new("stands at", Justify.Left, (tenant, _) => Stand(tenant)),
        new("for", Justify.Right, Since),
        new("held", Justify.Right, (tenant, _) => Held(tenant), IsNeeded: false),
    ];

    private static string Since(UpgradeView tenant, DateTimeOffset now) =>
        tenant.StepStartedAt is { } since && tenant.State is not "ended" ? Duration.Text(now - since) : "";

    private static string Held(UpgradeView tenant) => tenant.HoldSeconds is { } held ? Duration.Text(held) : "";

    private static string Traffic(RolloutProgress progress) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.Traffic.Sent} requests sent, {progress.Traffic.Held} held, {progress.Traffic.Failed} failed"
        );

    private static string Stand(UpgradeView tenant) =>
        tenant switch
        {
            { State: "ended", Ending: "completed" } => "[green]✔ completed[/]",
            { State: "ended", Ending: "untouched" } => "[grey]· untouched[/]",
            { State: "ended" } => $"[yellow]↩ {Markup.Escape(tenant.Ending ?? "")}[/]",
            { State: "back" } => $"[yellow]◀ going back: {Markup.Escape(tenant.Step ?? "")}[/]",
            { State: "forward" } => $"[blue]▶ {Markup.Escape(tenant.Step ?? "")}[/]",
            { State: "asking" } => "[red]? asks a person[/]",
            _ => "[grey]◷ waits[/]",
        };

    /// <param name="Cell">Of a tenant, at an instant; markup.</param>
    private sealed record Column(
        string Name,
        Justify Side,
        Func<UpgradeView, DateTimeOffset, string> Cell,
        bool IsNeeded = true
    );
}
