using System.Globalization;
using Tidegate.Contracts.Rollouts;

namespace Tidegate.Cli.Rollouts;

/// <summary>A timetable for people.</summary>
public static class TimetableText
{
    private const int MostUnfit = 20;

    /// <param name="everybody">A line for each tenant too.</param>
    public static void Write(TimetableView timetable, TextWriter writer, bool everybody = false)
    {
        writer.WriteLine("  timetable, by the calendars (a forecast)");
        foreach (var wave in timetable.Waves.Where(wave => wave.Tenants.Count > 0))
        {
            writer.WriteLine($"    wave {wave.Number.ToString(CultureInfo.InvariantCulture)}: {Wave(wave)}");
            foreach (var tenant in everybody && wave.Tenants.Count > 1 ? wave.Tenants : [])
            {
                writer.WriteLine(
                    $"      {tenant.Tenant} from {Time(tenant.Start)} to {Time(tenant.Done)} {tenant.TimeZone}{Closes(tenant)}"
                );
            }
        }

        foreach (var rule in timetable.Past)
        {
            writer.WriteLine($"    past {rule}, as an emergency that names it");
        }

        if (timetable.Last is { } last)
        {
            writer.WriteLine($"    last tenant done {Time(last.Done)} {last.TimeZone}: {last.Tenant}{Closes(last)}");
        }

        foreach (var unfit in timetable.Unfit.Take(MostUnfit))
        {
            writer.WriteLine($"    {unfit.Reason}{Earliest(unfit)}");
        }

        if (timetable.Unfit.Count > MostUnfit)
        {
            writer.WriteLine(
                FormattableString.Invariant($"    and {timetable.Unfit.Count - MostUnfit} more do not fit")
            );
        }
    }

    private static string Wave(TimetabledWaveView wave)
    {
        var first = wave.Tenants[0];
        var done = wave.Tenants.MaxBy(tenant => tenant.Done)!;
        return wave.Tenants.Count == 1
            ? $"{first.Tenant} from {Time(first.Start)} to {Time(first.Done)} {first.TimeZone}"
            : FormattableString.Invariant(
                $"{wave.Tenants.Count} tenants from {Time(first.Start)} {first.TimeZone} to {Time(done.Done)} {done.TimeZone}"
            );
    }

    private static string Closes(TimetabledTenantView tenant) =>
        tenant.Closes is { } closes
            ? $"; {(tenant.ClosedBy is { } rule ? $"{rule} closes" : "it closes")} at {Time(closes)}"
            : "";

    private static string Earliest(UnfitTenantView unfit) =>
        unfit.Earliest is { } earliest ? $" The earliest that fits is {Time(earliest.ToUniversalTime())} UTC." : "";

    private static string Time(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
