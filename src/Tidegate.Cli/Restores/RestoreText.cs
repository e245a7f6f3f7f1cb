using System.Globalization;
using Tidegate.Contracts.Restores;

namespace Tidegate.Cli.Restores;

/// <summary>What a way back costs, for people.</summary>
internal static class RestoreText
{
    public static void Write(RestorePriceView view, TextWriter writer)
    {
        writer.WriteLine($"{view.Tenant} back to {view.Description}");
        writer.WriteLine($"  {view.Price.Sentence}");
        writer.WriteLine();
        TextTable.Write(
            writer,
            ["LOST", "CREATED", "CHANGED", "DELETED", "AMOUNT", "LAST"],
            view.Price.Written.Where(written =>
                    written.Unknown is not null || written.Created + written.Changed + (written.Deleted ?? 0) > 0
                )
                .Select(Row)
        );
        writer.WriteLine();
        TextTable.Write(
            writer,
            ["LEFT THE BUILDING", "COUNT", "LAST", "AMONG THEM"],
            view.Price.Left.Where(left => left.Unknown is not null || left.Count > 0).Select(Row)
        );
        writer.WriteLine();
        writer.WriteLine(
            view.IsWindowOpen
                ? "safe-write window: open; nothing would be lost"
                : $"safe-write window: closed: {string.Join(", ", view.Closed)}"
        );
    }

    public static void Write(WayBackView view, TextWriter writer)
    {
        writer.WriteLine($"{view.Tenant} runs {view.Release}");
        foreach (var way in view.Ways)
        {
            writer.WriteLine();
            writer.WriteLine($"{way.Kind}: {way.What}");
            writer.WriteLine($"  costs   {way.Costs}");
            writer.WriteLine($"  proven  {way.Proven ?? "no"}");
            if (way.Command is { } command)
            {
                writer.WriteLine($"  begin   {command}");
            }
        }
    }

    private static IReadOnlyList<string> Row(WrittenView written) =>
        written.Unknown is { } unknown
            ? [written.Noun, "?", "?", "?", "", unknown]
            :
            [
                written.Noun,
                Number(written.Created),
                Number(written.Changed),
                written.Deleted is { } deleted ? Number(deleted) : "",
                string.Join(
                    ", ",
                    written.Amounts.Select(money =>
                        string.Create(CultureInfo.InvariantCulture, $"{money.Amount:0.00} {money.Currency}").TrimEnd()
                    )
                ),
                Instant(written.Last),
            ];

    private static IReadOnlyList<string> Row(LeftView left) =>
        left.Unknown is { } unknown
            ? [left.What, "?", "", unknown]
            : [left.What, Number(left.Count), Instant(left.Last), string.Join(", ", left.Examples)];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Instant(DateTimeOffset? instant) =>
        instant is { } at ? at.UtcDateTime.ToString("u", CultureInfo.InvariantCulture) : "";
}
