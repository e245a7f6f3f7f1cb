using System.Globalization;

namespace Tidegate.Bench.Rehearsals;

/// <summary>Tells on standard error how far the bench is and how long it still takes: whoever waits an hour and more wants to know.</summary>
internal sealed class PredictionProgress(PredictionOptions options, TimeProvider clock)
{
    // A rehearsal and a cutover, and their part of a backup; until a round has told better.
    private static readonly TimeSpan UsualUpgrade = TimeSpan.FromSeconds(90);

    private readonly long _began = clock.GetTimestamp();
    private long _rounds;
    private int _done;

    private int All => options.Rounds * options.Megabytes.Length;

    public void Begin() =>
        Say(
            $"{All} upgrades of {options.Megabytes.Length} shops ({string.Join(", ", options.Megabytes)} MB), some {(All * UsualUpgrade).TotalMinutes:0} min"
        );

    public void BeginRounds()
    {
        _rounds = clock.GetTimestamp();
        Say($"{options.Megabytes.Length} shops are filled");
    }

    public void Rehearsed(string tenant, string release, TimeSpan took) =>
        Say($"{tenant}: {release} rehearsed in {took.TotalSeconds:0} s");

    public void EndRound(IReadOnlyCollection<PredictedUpgrade> upgrades)
    {
        foreach (var upgrade in upgrades)
        {
            Say(
                $"{++_done} of {All}: {upgrade.Tenant} to {upgrade.Release}: {upgrade.PredictedS:0.0} s predicted ({upgrade.LowerS:0.0} to {upgrade.UpperS:0.0}), held for {upgrade.MeasuredS:0.0} s"
            );
        }

        if (_done < All)
        {
            var left = clock.GetElapsedTime(_rounds) / _done * (All - _done);
            Say($"some {Math.Ceiling(left.TotalMinutes):0} min to go");
        }
    }

    private void Say(FormattableString text) =>
        Console.Error.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"[{clock.GetElapsedTime(_began).TotalMinutes, 3:0} min] {text.ToString(CultureInfo.InvariantCulture)}"
            )
        );
}
