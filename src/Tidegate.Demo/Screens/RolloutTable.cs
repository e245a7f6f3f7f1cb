using System.Globalization;
using Spectre.Console;
using Tidegate.Contracts.Rollouts;
using Tidegate.Demo.Story;

namespace Tidegate.Demo.Screens;

/// <summary>A rollout as a table: wave, tenant, where it stands. The word says it; shape and colour only help.</summary>
internal static class RolloutTable
{
    public static Table Of(string title, RolloutProgress progress)
    {
        var table = new Table()
            .Title(Markup.Escape($"{title}   {Duration.Text(progress.Elapsed)}"))
            .Caption(Markup.Escape(Traffic(progress)))
            .RoundedBorder()
            .AddColumns("wave", "tenant", "pool", "stands at")
            .AddColumn(new TableColumn("for").RightAligned())
            .AddColumn(new TableColumn("held").RightAligned());
        foreach (var tenant in progress.Rollout.Tenants)
        {
            table.AddRow(
                tenant.Wave.ToString(CultureInfo.InvariantCulture),
                Markup.Escape(tenant.Tenant),
                Markup.Escape(tenant.Pool),
                Stand(tenant),
                tenant.StepStartedAt is { } since && tenant.State is not "ended"
                    ? Duration.Text(progress.At - since)
                    : "",
                tenant.HoldSeconds is { } held ? Duration.Text(held) : ""
            );
        }

        return table;
    }

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
}
