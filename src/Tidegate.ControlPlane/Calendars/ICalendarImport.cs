using System.Collections.Immutable;
using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>What an iCalendar file came to.</summary>
/// <param name="Calendar">Null where there is a problem.</param>
/// <param name="Problems">One sentence each, with its line; nothing is guessed.</param>
public sealed record ImportedCalendar(TradingCalendar? Calendar, ImmutableArray<string> Problems);

/// <summary>What an import makes of each event.</summary>
/// <param name="Effect">Of an event whose categories name none.</param>
/// <param name="Scope">Of whom the rules speak: a file of events does not say.</param>
public sealed record ImportTerms(CalendarName Name, RuleEffect Effect, WrittenScope Scope);

/// <summary>Makes a calendar of an iCalendar file (RFC 5545): every event is a rule.</summary>
public static class ICalendarImport
{
    private const int MostEvents = 500;
    private const int LongestName = 40;

    private static readonly LocalDatePattern Date = LocalDatePattern.CreateWithInvariantCulture("uuuuMMdd");
    private static readonly LocalDateTimePattern Time = LocalDateTimePattern.CreateWithInvariantCulture(
        "uuuuMMdd'T'HHmmss"
    );

    public static ImportedCalendar Read(string text, ImportTerms terms)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        var rules = ImmutableArray.CreateBuilder<WrittenRule>();
        try
        {
            foreach (var lines in Events(text))
            {
                Add(lines, terms, rules, problems);
            }
        }
        catch (FormatException wrong)
        {
            problems.Add($"{wrong.Message}.");
        }

        if (rules.Count == 0 && problems.Count == 0)
        {
            problems.Add("there is no event in it.");
        }

        return rules.Count > MostEvents
            ? new(null, [$"it has more than {MostEvents} events."])
            : new(problems.Count > 0 ? null : new(terms.Name, rules.ToImmutable()), problems.ToImmutable());
    }

    private static void Add(
        List<ICalendarLines.Line> lines,
        ImportTerms terms,
        ImmutableArray<WrittenRule>.Builder rules,
        ImmutableArray<string>.Builder problems
    )
    {
        var entry = new Event(lines);
        if (entry.Value("STATUS") is "CANCELLED")
        {
            return;
        }

        try
        {
            var (when, zone) = Times(entry);
            var rule = new WrittenRule(Name(entry.Value("SUMMARY"), rules))
            {
                Effect = Effect(entry.Value("CATEGORIES")) ?? terms.Effect,
                Scope = terms.Scope,
                When = when,
                TimeZone = zone,
            };
            // What would close because it cannot be read is told here instead.
            var made = CalendarReading.Rules(new TradingCalendar(terms.Name, [rule])).First();
            if (made.When is Recurrence.Unreadable broken)
            {
                throw new FormatException(broken.Why);
            }

            if (
                CalendarChecks
                    .Of([made])
                    .FirstOrDefault(finding => finding.Code is not CalendarChecks.SpeaksOfNothing) is
                { } finding
            )
            {
                throw new FormatException(finding.What);
            }

            rules.Add(rule);
        }
        catch (FormatException wrong)
        {
            problems.Add(
                FormattableString.Invariant(
                    $"line {lines[0].Number}: the event {entry.Value("SUMMARY") ?? "without a name"}: {wrong.Message}."
                )
            );
        }
    }

    private static IEnumerable<List<ICalendarLines.Line>> Events(string text)
    {
        List<ICalendarLines.Line>? open = null;
        var nested = 0;
        foreach (var line in ICalendarLines.Read(text))
        {
            switch (line.Name, line.Value.ToUpperInvariant())
            {
                case ("BEGIN", "VEVENT"):
                    open = [line];
                    break;
                case ("END", "VEVENT") when open is not null:
                    yield return open;
                    open = null;
                    break;
                // An alarm within an event has times of its own.
                case ("BEGIN", _) when open is not null:
                    nested++;
                    break;
                case ("END", _) when nested > 0:
                    nested--;
                    break;
                default:
                    if (nested == 0)
                    {
                        open?.Add(line);
                    }

                    break;
            }
        }

        if (open is not null)
        {
            throw new FormatException(FormattableString.Invariant($"the event of line {open[0].Number} has no end"));
        }
    }

    private static (WrittenTimes When, string? Zone) Times(Event entry)
    {
        foreach (var other in (string[])["RDATE", "EXRULE", "RECURRENCE-ID"])
        {
            if (entry.Find(other) is not null)
            {
                throw new FormatException($"{other} is not read: make single events of it");
            }
        }

        var start = Moment.Of(entry.Find("DTSTART") ?? throw new FormatException("it has no DTSTART"));
        var end = entry.Find("DTEND") is { } line ? Moment.Of(line) : null;
        var length = entry.Value("DURATION");
        if (end is not null && length is not null)
        {
            throw new FormatException("it has both DTEND and DURATION");
        }

        if (
            end is { } known
            && (known.Zone != start.Zone || known.IsUtc != start.IsUtc || known.IsDate != start.IsDate)
        )
        {
            throw new FormatException("DTSTART and DTEND are not of one kind and zone");
        }

        var zone = start.Zone;
        if (entry.Value("RRULE") is not { } rule)
        {
            return (Once(start, end, length), zone);
        }

        var when = new WrittenTimes
        {
            Rrule = rule,
            From = start.Text(start.Local),
            Except = [.. entry.All("EXDATE").SelectMany(Moment.All).Select(moment => moment.Text(moment.Local))],
        };
        return (
            length is not null ? when with { For = length }
            : start.IsDate
                ? when with
                {
                    For =
                        $"P{Period.Between(start.Local.Date, end?.Local.Date ?? start.Local.Date.PlusDays(1), PeriodUnits.Days).Days}D",
                }
            : end is null ? throw new FormatException("it has neither DTEND nor DURATION")
            // By the clock: a night ends at six, also when clocks change.
            : end.Local <= start.Local.PlusDays(1)
                ? when with
                {
                    Until = end.Local.TimeOfDay.ToString("HH:mm", CultureInfo.InvariantCulture),
                }
            : when with
            {
                For = PeriodPattern.NormalizingIso.Format(
                    Period.Between(start.Local, end.Local, PeriodUnits.Days | PeriodUnits.AllTimeUnits)
                ),
            },
            zone
        );
    }

    private static WrittenTimes Once(Moment start, Moment? end, string? length)
    {
        var until =
            end?.Local
            ?? (
                length is not null
                    ? start.Local.Plus(
                        PeriodPattern.NormalizingIso.Parse(length) is { Success: true } parsed
                            ? parsed.Value
                            : throw new FormatException($"\"{length}\" is no DURATION")
                    )
                : start.IsDate ? start.Local.PlusDays(1)
                : throw new FormatException("it has neither DTEND nor DURATION")
            );
        return new()
        {
            From = start.Text(start.Local),
            // The end of a file is no part of it; a day that we write as the end is.
            To = start.Text(start.IsDate ? until.PlusDays(-1) : until),
        };
    }

    private static RuleEffect? Effect(string? categories) =>
        categories
            ?.Split(',')
            .Select(category =>
                Enum.TryParse<RuleEffect>(category.Trim(), ignoreCase: true, out var effect) && Enum.IsDefined(effect)
                    ? effect
                    : (RuleEffect?)null
            )
            .FirstOrDefault(effect => effect is not null);

    /// <summary><c>Black Friday!</c> is <c>black-friday</c>; the second of a name is <c>black-friday-2</c>.</summary>
    private static string Name(string? summary, ImmutableArray<WrittenRule>.Builder rules)
    {
        var letters = (summary is null ? "event" : ICalendarLines.Text(summary).ToLowerInvariant()).Select(letter =>
            char.IsAsciiLetterOrDigit(letter) ? letter : '-'
        );
        var word = string.Join('-', string.Concat(letters).Split('-', StringSplitOptions.RemoveEmptyEntries));
        var name = word.Length > 0 && char.IsAsciiLetter(word[0]) ? word : $"event-{word}".TrimEnd('-');
        name = name[..Math.Min(name.Length, LongestName - 4)].TrimEnd('-');
        var number = 1;
        var free = name;
        while (rules.Any(rule => rule.Name == free))
        {
            free = FormattableString.Invariant($"{name}-{++number}");
        }

        return free;
    }

    /// <summary>The properties of one event.</summary>
    private sealed class Event(List<ICalendarLines.Line> lines)
    {
        public ICalendarLines.Line? Find(string name) => lines.Find(line => line.Name == name);

        public IEnumerable<ICalendarLines.Line> All(string name) => lines.Where(line => line.Name == name);

        public string? Value(string name) => Find(name)?.Value;
    }

    /// <summary>A day, or a time of a zone, of UTC, or of whoever looks.</summary>
    private sealed record Moment(LocalDateTime Local, bool IsDate, bool IsUtc, string? Zone)
    {
        public static Moment Of(ICalendarLines.Line line) => All(line).First();

        public static IEnumerable<Moment> All(ICalendarLines.Line line)
        {
            var zone = line.Parameters.GetValueOrDefault("TZID");
            foreach (var value in line.Value.Split(','))
            {
                var isUtc = value.EndsWith('Z');
                if (Date.Parse(value) is { Success: true } day)
                {
                    yield return new(day.Value.AtMidnight(), IsDate: true, IsUtc: false, Zone: null);
                }
                else if (Time.Parse(isUtc ? value[..^1] : value) is { Success: true } time)
                {
                    yield return isUtc && zone is not null
                        ? throw new FormatException($"{line.Name} has a zone and is in UTC")
                        : new Moment(time.Value, IsDate: false, isUtc, zone);
                }
                else
                {
                    throw new FormatException($"{line.Name} is \"{value}\", which is no time");
                }
            }
        }

        /// <summary>As a calendar of ours writes it.</summary>
        public string Text(LocalDateTime at) =>
            IsDate
                ? LocalDatePattern.Iso.Format(at.Date)
                : $"{LocalDateTimePattern.ExtendedIso.Format(at)}{(IsUtc ? "Z" : "")}";
    }
}
