using System.Collections.Immutable;
using Tidegate.ControlPlane.Rehearsals.Prediction;

namespace Tidegate.Tests.Rehearsals;

/// <summary>The prediction is made of what was measured, and its interval keeps its word on a site whose cutovers differ from their rehearsals.</summary>
public sealed class HoldPredictionTests
{
    [Fact]
    public void Without_history_it_is_what_was_rehearsed_and_says_so()
    {
        var prediction = HoldPrediction.Of(Rehearsed(copy: 2, migrate: 6), []);

        Assert.InRange(prediction.Seconds, 10.5, 14);
        Assert.InRange(prediction.HighSeconds / prediction.LowSeconds, 2.0, 2.5);
        Assert.True(prediction.TotalSeconds > prediction.Seconds);
        Assert.Contains("no cutover of this site", prediction.Basis, StringComparison.Ordinal);
    }

    [Fact]
    public void A_site_whose_copies_are_slower_than_rehearsed_is_learnt()
    {
        var past = Enumerable.Range(0, 6).Select(_ => Past(Rehearsed(2, 6), factor: 1.6, noise: 0)).ToList();

        var naive = HoldPrediction.Of(Rehearsed(4, 8), []).Seconds;
        var learnt = HoldPrediction.Of(Rehearsed(4, 8), past).Seconds;

        Assert.InRange(learnt / naive, 1.3, 1.6);
    }

    /// <summary>Twenty cutovers of three sizes, as the issue asks for, again and again with other noise.</summary>
    [Fact]
    public void Nine_of_ten_holds_are_inside_and_the_middle_is_right()
    {
        var random = new Random(20261126);
        var (inside, all, errors, widest) = (0, 0, new List<double>(), 0.0);
        for (var site = 0; site < 40; site++)
        {
            var factor = 0.8 + (random.NextDouble() * 0.8);
            var past = new List<PastCutover>();
            for (var number = 0; number < 32; number++)
            {
                var size = number % 3;
                var rehearsed = Rehearsed(copy: 1 + (size * 4), migrate: 5 + (size * 3));
                var real = Past(rehearsed, factor, noise: Gaussian(random) * 0.12);
                if (number >= 12)
                {
                    var prediction = HoldPrediction.Of(rehearsed, past);
                    all++;
                    inside +=
                        real.HoldSeconds >= prediction.LowSeconds && real.HoldSeconds <= prediction.HighSeconds ? 1 : 0;
                    errors.Add(Math.Abs(prediction.Seconds - real.HoldSeconds) / real.HoldSeconds);
                    widest = Math.Max(widest, prediction.HighSeconds / prediction.LowSeconds);
                }

                past.Insert(0, real);
            }
        }

        errors.Sort();
        Assert.True(inside >= 0.88 * all, $"{inside} of {all} inside");
        Assert.InRange(errors[errors.Count / 2], 0, 0.2);
        Assert.InRange(widest, 1, 2.5);
    }

    [Fact]
    public void A_step_that_no_rehearsal_has_is_taken_from_real_cutovers()
    {
        var past = Enumerable
            .Range(0, 3)
            .Select(_ => new PastCutover(Parts(("hold", 4), ("fence", 1), ("swap", 1), ("open", 1)), null, 20))
            .ToList();

        Assert.InRange(
            HoldPrediction.Of(Rehearsed(2, 6), past).Seconds - HoldPrediction.Of(Rehearsed(2, 6), []).Seconds,
            5.3,
            5.5
        );
    }

    private static CutoverParts Rehearsed(double copy, double migrate) =>
        Parts(("copy", copy), ("migrate", migrate), ("judge", 0.4), ("warm", 1), ("verify", 1.5));

    private static PastCutover Past(CutoverParts rehearsed, double factor, double noise)
    {
        var real = rehearsed with
        {
            Seconds = rehearsed
                .Seconds.Select(part => KeyValuePair.Create(part.Key, part.Value * factor * Math.Exp(noise)))
                .ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
        return new(real, rehearsed, real.Seconds.Values.Sum() + 1.6);
    }

    private static CutoverParts Parts(params (string Step, double Seconds)[] parts) =>
        new(
            parts.ToImmutableSortedDictionary(part => part.Step, part => part.Seconds, StringComparer.Ordinal),
            1L << 30
        );

    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
