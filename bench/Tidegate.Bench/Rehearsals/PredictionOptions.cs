using System.Collections.Immutable;
using System.Globalization;
using Tidegate.Bench.Cutover;

namespace Tidegate.Bench.Rehearsals;

/// <summary>How much is predicted. Less than the whole is for a quick look: the figures of the table are those of the defaults.</summary>
/// <param name="Upgrades">At least so many; each shop makes as many as the others.</param>
/// <param name="Megabytes">A shop for each: how large its database is.</param>
internal sealed record PredictionOptions(int Upgrades, ImmutableArray<int> Megabytes)
{
    private const int Least = 70; // samples/shopdata makes no trade in less

    public static PredictionOptions Whole { get; } = new(Upgrades: 21, Megabytes: [80, 160, 320]);

    /// <summary>Releases that every shop takes, one after another.</summary>
    public int Rounds => (Upgrades + Megabytes.Length - 1) / Megabytes.Length;

    /// <param name="arguments">As they follow the bench's name.</param>
    /// <param name="problem">What is wrong with them and what would be right; null when nothing is.</param>
    public static PredictionOptions Parse(ReadOnlySpan<string> arguments, out string? problem)
    {
        var options = Whole;
        problem = null;
        while (problem is null && !arguments.IsEmpty)
        {
            options = arguments switch
            {
                ["--upgrades", var text, ..] => options with { Upgrades = Number(text, least: 1, ref problem) },
                ["--megabytes", var text, ..] => options with { Megabytes = Sizes(text.Split(','), ref problem) },
                [var other, ..] => Refuse($"\"{other}\" is no option, or has no value", options, ref problem),
                [] => options,
            };
            arguments = arguments[Math.Min(2, arguments.Length)..];
        }

        return options;
    }

    private static ImmutableArray<int> Sizes(string[] texts, ref string? problem)
    {
        if (texts.Length > BenchSite.Shops.Count)
        {
            return Refuse<ImmutableArray<int>>($"there are {BenchSite.Shops.Count} shops at most", [], ref problem);
        }

        var sizes = ImmutableArray.CreateBuilder<int>(texts.Length);
        foreach (var text in texts)
        {
            sizes.Add(Number(text, Least, ref problem));
        }

        return sizes.MoveToImmutable();
    }

    private static int Number(string text, int least, ref string? problem) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : Refuse($"\"{text}\" is no number of {least} or more", least, ref problem);

    private static T Refuse<T>(string what, T instead, ref string? problem)
    {
        problem ??= $"{what}: ./bench/run prediction --upgrades 2 --megabytes 100,300";
        return instead;
    }
}
