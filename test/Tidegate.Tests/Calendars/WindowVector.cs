using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Tidegate.ControlPlane.Calendars;

namespace Tidegate.Tests.Calendars;

/// <summary>Asks our calendars in the words of a vector, and answers in them. Decides nothing.</summary>
internal static class WindowVector
{
    /// <summary>Ours does not take it, and says why.</summary>
    public static JsonElement Refused { get; } = JsonSerializer.SerializeToElement(new { error = "refused" });

    private static readonly Duration Ahead = Duration.FromDays(60);

    /// <summary>What our calendars say, in the vector's words.</summary>
    public static JsonElement Answer(string kind, JsonElement input)
    {
        JsonObject said = kind switch
        {
            "cron-window-active" => Indexes("activeIndexes", input, holds: true),
            "cron-window-inactive-allows" => Indexes("inactiveAllowIndexes", input, holds: false),
            "window-decision" => Decision(input),
            "overrun-aggregate" => Overrun(input),
            "scope-match" => new() { ["matches"] = Scopes.Matches(input) },
            "window-validate" => Validation(() => ReadWindow(input.GetProperty("window"))),
            "window-set-validate" => SetValidation(input),
            "allowed-days-next" => NextAllowed(input),
            "allowed-times" => AllowedTimes(input),
            "freeze-cron-pair" => new()
            {
                ["frozen"] = Each(input, "freezes").Any(freeze => Holds(Pair(freeze), freeze, At(input))),
            },
            "window-fits" => Fits(input),
            "cron-next" => Next(input),
            "cron-prev" => Previous(input),
            "cron-next-of-many" => NextOfMany(input),
            "cron-prev-next" => PreviousAndNext(input),
            "rrule-expand" => Expand(input),
            "window-contains" => new() { ["active"] = Holds(Timed(input), input, At(input)) },
            _ => throw new InvalidOperationException($"no test knows vectors of kind {kind}"),
        };
        return JsonSerializer.SerializeToElement(said);
    }

    private static JsonObject Indexes(string name, JsonElement input, bool holds) =>
        Try(() =>
        {
            var windows = Each(input, "windows").Select(ReadWindow).ToList();
            return new()
            {
                [name] = new JsonArray([
                    .. windows
                        .Select((rule, index) => (rule, index))
                        .Where(one =>
                            Spans.Contains(one.rule.When, At(input), one.rule.Zone!) == holds
                            && (holds || one.rule.Effect is RuleEffect.Window)
                        )
                        .Select(one => (JsonNode)one.index),
                ]),
            };
        });

    private static JsonObject Decision(JsonElement input)
    {
        var rules = Each(input, "windows").Select((window, index) => Guarded(window, index)).ToImmutableArray();
        var question = new CalendarQuestion(
            Target,
            Text(input, "trigger") is "manual" ? StartKind.Manual : StartKind.Automatic,
            At(input)
        )
        {
            Since = Text(input, "operationStartedAt") is { } since ? Instant(since) : null,
            Overridden = input.TryGetProperty("override", out var over)
                ? [.. over.GetProperty("freezes").EnumerateArray().Select(name => name.GetString()!)]
                : [],
        };
        var decision = new CalendarDecider(rules).Decide(question);
        var said = new JsonObject
        {
            ["allowed"] = decision.IsOpen,
            ["blockedBy"] = new JsonArray([.. decision.Reasons.Select(reason => (JsonNode)reason.Rule)]),
        };
        if (rules.Select(rule => rule.When).OfType<Recurrence.Unreadable>().FirstOrDefault() is { } broken)
        {
            said["error"] = broken.Why;
        }

        return said;
    }

    private static JsonObject Overrun(JsonElement input)
    {
        var at = Instant("2026-01-15T12:00:00Z");
        var rules = Each(input, "activeWindows")
            .Select(window =>
                Rule(
                    window,
                    new Recurrence.Once(new(2026, 1, 15, 11, 30), new(2026, 1, 15, 13, 0)),
                    DateTimeZone.Utc,
                    "w"
                )
            );
        var decision = new CalendarDecider([.. rules]).Decide(
            new(Target, StartKind.Automatic, at) { Since = at - Duration.FromHours(1) }
        );
        return new() { ["denyAllowsOverrun"] = decision.IsOpen };
    }

    private static JsonObject Validation(Func<CalendarRule> read)
    {
        var said = Try(() =>
        {
            read();
            return new() { ["valid"] = true };
        });
        return said.TryGetPropertyValue("error", out var error)
            ? new()
            {
                ["valid"] = false,
                ["reason"] = error!.GetValue<string>().Replace("invalid-", "", StringComparison.Ordinal),
            }
            : said;
    }

    private static JsonObject SetValidation(JsonElement input)
    {
        if (input.TryGetProperty("schedules", out var schedules))
        {
            return
                schedules.EnumerateArray().Any(one => one.GetProperty("window").GetString()!.StartsWith('-'))
                && Refuses(() => CalendarText.Length(schedules[0].GetProperty("window").GetString()!))
                ? new() { ["valid"] = false, ["reason"] = "negative window" }
                : new() { ["valid"] = true };
        }

        var rules = Each(input, "windows")
            .Select(window => ReadWindow(window) with { Scope = Scopes.Of(window) })
            .ToList();
        return CalendarChecks.Of(rules).Any(finding => finding.Code is CalendarChecks.Duplicate)
            ? new() { ["valid"] = false, ["reason"] = "duplicate" }
            : new() { ["valid"] = true };
    }

    private static JsonObject NextAllowed(JsonElement input)
    {
        var zone = Zone(input);
        var days = CalendarText.Days(
            string.Join(',', input.GetProperty("days").EnumerateArray().Select(day => day.GetString()))
        );
        var hours = Each(input, "windows").Select(window => $"{Text(window, "start")}-{Text(window, "end")}").ToList();
        var rules = (hours.Count == 0 ? ["00:00-24:00"] : hours)
            .Select(CalendarText.Hours)
            .Select(span => Window(new Recurrence.Weekly(days, span.Start, span.End), zone));
        var next = CalendarTimeline
            .Of(Target, StartKind.Automatic, [], rules, At(input), At(input) + Ahead)
            .NextOpening(At(input));
        return new() { ["nextAllowedAt"] = Text(next) };
    }

    private static JsonObject AllowedTimes(JsonElement input) =>
        Try(() =>
        {
            var zone = Zone(input);
            var most = input.TryGetProperty("maxDeploysPerWindow", out var cap) ? cap.GetInt32() : (int?)null;
            var rules = Each(input, "windows")
                .Select(window => Weekly(window, zone) with { MostStarts = most })
                .ToImmutableArray();
            var decision = new CalendarDecider(rules).Decide(
                new(Target, StartKind.Automatic, At(input))
                {
                    Started = ImmutableDictionary<string, int>.Empty.Add(
                        "w",
                        input.TryGetProperty("approvedInWindow", out var approved) ? approved.GetInt32() : 0
                    ),
                }
            );
            var said = new JsonObject { ["allowed"] = decision.IsOpen };
            var day = Duration.FromDays(2);
            var open = rules
                .SelectMany(rule => Spans.Within(rule.When, At(input) - day, At(input) + day, zone))
                .FirstOrDefault(span => span.Contains(At(input)));
            if (open != default)
            {
                said["windowStart"] = Text(open.Start);
                said["windowEndInclusive"] = Text(open.End - Duration.FromSeconds(1));
            }

            return said;
        });

    private static JsonObject Fits(JsonElement input)
    {
        var need = PeriodPattern.Roundtrip.Parse(Text(input, "estimatedDuration")!).Value.ToDuration();
        var rules = Each(input, "schedules")
            .Select(schedule =>
                Window(
                    Text(schedule, "window") is { } length
                        ? new Recurrence.Cron(CronSchedule.Parse(Text(schedule, "cron")!), CalendarText.Length(length))
                        : new Recurrence.Cron(
                            CronSchedule.Parse(Text(schedule, "cron")!),
                            CalendarText.Length("P3650D")
                        ),
                    Zone(schedule)
                )
            );
        var timeline = CalendarTimeline.Of(Target, StartKind.Automatic, [], rules, At(input), At(input) + Ahead);
        return new() { ["mayStart"] = timeline.FirstFit(At(input), need) == At(input) };
    }

    private static JsonObject Next(JsonElement input) =>
        Try(() =>
        {
            var isInclusive = !input.TryGetProperty("inclusive", out var inclusive) || inclusive.GetBoolean();
            var from = Instant(Text(input, "from")!) + (isInclusive ? Duration.Zero : Duration.Epsilon);
            return new() { ["next"] = Text(First(Cron(input), from, Zone(input))) };
        });

    private static JsonObject Previous(JsonElement input) =>
        new()
        {
            ["previous"] = Text(Cron(input).LastUntil(Instant(Text(input, "from")!) - Duration.Epsilon, Zone(input))),
        };

    private static JsonObject NextOfMany(JsonElement input) =>
        new()
        {
            ["next"] = Text(
                input
                    .GetProperty("crons")
                    .EnumerateArray()
                    .Select(cron =>
                        First(
                            CronSchedule.Parse(cron.GetString()!),
                            Instant(Text(input, "from")!) + Duration.Epsilon,
                            Zone(input)
                        )
                    )
                    .Min()
            ),
        };

    private static JsonObject PreviousAndNext(JsonElement input) =>
        new()
        {
            ["prevInclusive"] = Text(Cron(input).LastUntil(At(input), Zone(input))),
            ["nextExclusive"] = Text(First(Cron(input), At(input) + Duration.Epsilon, Zone(input))),
        };

    private static JsonObject Expand(JsonElement input) =>
        Try(() =>
        {
            const int Enough = 400;
            var named = Text(input, "timeZone") is { } name ? CalendarText.Zone(name) : null;
            var (first, found) = CalendarText.Start(Text(input, "dtstart")!, named);
            var except = input.TryGetProperty("exdates", out var dates)
                ? dates.EnumerateArray().Select(date => CalendarText.Start(date.GetString()!, found).Local)
                : [];
            var rule = RecurrenceRule.Parse(Text(input, "rrule"), first, except);
            if (rule.Doubt() is { } doubt)
            {
                throw new FormatException(doubt);
            }

            var zone = found ?? DateTimeZone.Utc;
            var isFloating = found is null;
            var isDay = !Text(input, "dtstart")!.Contains('T', StringComparison.Ordinal);
            var starts = rule.From(Clocks.Shifted(first, zone), zone).Take(Enough).ToList();
            var said = new JsonObject { ["starts"] = Times(starts) };
            SpanEnd.After? length =
                Text(input, "dtend") is { } end
                    ? new(0, Clocks.Shifted(CalendarText.Start(end, found).Local, zone) - Clocks.Shifted(first, zone))
                : Text(input, "duration") is { } duration ? CalendarText.Length(duration)
                : null;
            if (length is not null)
            {
                said["ends"] = Times(starts.Select(start => length.Of(start, zone)));
            }

            return said;

            JsonArray Times(IEnumerable<Instant> times) => new([.. times.Select(time => (JsonNode)Time(time))]);

            string Time(Instant time) =>
                isDay ? LocalDatePattern.Iso.Format(time.InZone(zone).Date)
                : isFloating ? LocalDateTimePattern.GeneralIso.Format(time.InZone(zone).LocalDateTime)
                : Text(time)!;
        });

    /// <summary>What the vectors call each error.</summary>
    private static JsonObject Try(Func<JsonObject> answer)
    {
        try
        {
            return answer();
        }
        catch (FormatException refused)
        {
            return new() { ["error"] = ErrorOf(refused.Message) };
        }
    }

    private static string ErrorOf(string message) =>
        message.Contains("is no length", StringComparison.Ordinal)
        || message.Contains("longer than nothing", StringComparison.Ordinal)
            ? "invalid-duration"
        : message.Contains("at once", StringComparison.Ordinal) ? "tzid-with-utc"
        : message.Contains("time zone", StringComparison.Ordinal) ? "invalid-timeZone"
        : message.Contains("is no day", StringComparison.Ordinal) ? "invalid-days"
        : message.Contains("are no hours", StringComparison.Ordinal) ? "invalid-hours"
        : message.Contains('=', StringComparison.Ordinal) ? "invalid-rrule"
        : "invalid-schedule";

    private static bool Refuses(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (FormatException)
        {
            return true;
        }
    }

    /// <summary>As a fleet holds a rule that it could not read.</summary>
    private static CalendarRule Guarded(JsonElement window, int index)
    {
        var name = Text(window, "name") ?? $"w{index}";
        try
        {
            return ReadWindow(window) with { Name = name };
        }
        catch (FormatException refused)
        {
            return Rule(window, new Recurrence.Unreadable(ErrorOf(refused.Message)), DateTimeZone.Utc, name);
        }
    }

    private static CalendarRule ReadWindow(JsonElement window) =>
        Rule(
            window,
            window.TryGetProperty("days", out _) || window.TryGetProperty("hours", out _)
                    ? Weekly(window, Zone(window)).When
                : window.TryGetProperty("startCron", out _) ? Pair(window)
                : Timed(window),
            Zone(window),
            "w"
        );

    private static CalendarRule Weekly(JsonElement window, DateTimeZone zone)
    {
        var (start, end) = CalendarText.Hours(Text(window, "hours") ?? "00:00-24:00");
        return Window(new Recurrence.Weekly(CalendarText.Days(Text(window, "days") ?? ""), start, end), zone);
    }

    private static Recurrence.Cron Timed(JsonElement window) =>
        new(
            Cron(window),
            Text(window, "endLocal") is { } end
                ? new SpanEnd.At(LocalTimePattern.CreateWithInvariantCulture("HH:mm").Parse(end).Value)
                : CalendarText.Length(Text(window, "duration")!)
        );

    private static Recurrence.CronPair Pair(JsonElement freeze) =>
        new(CronSchedule.Parse(Text(freeze, "startCron")!), CronSchedule.Parse(Text(freeze, "endCron")!));

    private static CalendarRule Window(Recurrence when, DateTimeZone zone) =>
        new("w", RuleEffect.Window, Scopes.Everything, when, zone, Kinds(manual: true), LetsFinish: false, "vector");

    private static CalendarRule Rule(JsonElement window, Recurrence when, DateTimeZone zone, string name) =>
        new(
            name,
            Text(window, "effect") is "deny" ? RuleEffect.Freeze : RuleEffect.Window,
            Scopes.Everything,
            when,
            zone,
            Kinds(manual: !Flag(window, "manualOverride")),
            Flag(window, "overrun"),
            "vector"
        );

    private static ImmutableHashSet<StartKind> Kinds(bool manual) =>
        manual ? [StartKind.Automatic, StartKind.Manual] : [StartKind.Automatic];

    private static bool Flag(JsonElement element, string name) =>
        element.TryGetProperty(name, out var flag) && flag.GetBoolean();

    private static bool Holds(Recurrence when, JsonElement of, Instant at) => Spans.Contains(when, at, Zone(of));

    private static Instant? First(CronSchedule cron, Instant from, DateTimeZone zone)
    {
        foreach (var at in cron.From(from, zone))
        {
            return at;
        }

        return null;
    }

    private static CronSchedule Cron(JsonElement input) => CronSchedule.Parse(Text(input, "cron")!);

    private static DateTimeZone Zone(JsonElement input) => CalendarText.Zone(Text(input, "timeZone") ?? "UTC");

    private static Instant At(JsonElement input) => Instant(Text(input, "at")!);

    private static JsonElement.ArrayEnumerator Each(JsonElement input, string name) =>
        input.GetProperty(name).EnumerateArray();

    private static string? Text(JsonElement input, string name) =>
        input.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static string? Text(Instant? instant) => instant is { } at ? InstantPattern.ExtendedIso.Format(at) : null;

    private static Instant Instant(string text) => OffsetDateTimePattern.ExtendedIso.Parse(text).Value.ToInstant();

    private static CalendarTarget Target => Scopes.Target("test-app", "default", "cluster");
}
