using System.CommandLine;
using System.Globalization;
using Tidegate.Contracts.Calendars;

namespace Tidegate.Cli.Calendars;

internal static class AskCommand
{
    private const string Text = """
        May a tenant start at an instant, and what says so?

        Example:
          tidegate calendar ask shop-oslo --at 2026-11-27T22:00+01:00 --release 2026.11.2

        Class and risk are the release's, unless --class or --risk say others. A release whose class nobody knows is
        held by a freeze for any class, and let in by no window for one.

        Exit code 0: it may; 3: it may not.
        """;

    public static Command Create()
    {
        var tenant = new Argument<string>("tenant") { Description = "Its name" };
        var at = new Option<string?>("--at") { Description = "The instant, with its offset; without it now" };
        var release = new Option<string?>("--release")
        {
            Description = "The release that would go there: its class and risk are asked for",
        };
        var known = new ReleaseOptions();
        var kind = new Option<string>("--kind")
        {
            Description = "Who would start it: automatic, manual or healing",
            DefaultValueFactory = _ => "manual",
        };
        var overrides = new Option<string[]>("--override")
        {
            Description = "As an emergency would start that goes past this rule: freeze:retail/black-friday",
        };
        var json = JsonOption.Create();
        var command = new Command("ask", Text) { tenant, at, release, kind, overrides, json };
        known.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                string[] query =
                [
                    $"kind={Uri.EscapeDataString(parsed.GetRequiredValue(kind))}",
                    .. parsed.GetValue(at) is { } instant
                        ? [$"at={Uri.EscapeDataString(instant)}"]
                        : Array.Empty<string>(),
                    .. parsed.GetValue(release) is { } name
                        ? [$"release={Uri.EscapeDataString(name)}"]
                        : Array.Empty<string>(),
                    .. known.Query(parsed),
                    .. (parsed.GetValue(overrides) ?? []).Select(rule => $"override={Uri.EscapeDataString(rule)}"),
                ];
                var answer = await client.GetAsync<CalendarAnswer>(
                    $"/api/calendar-answers/{Uri.EscapeDataString(parsed.GetRequiredValue(tenant))}?{string.Join('&', query)}",
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(answer);
                }
                else
                {
                    Write(answer, parsed.Output());
                }

                return answer.IsOpen ? ExitCodes.Done : ExitCodes.Blocked;
            }
        );
        return command;
    }

    internal static void Write(CalendarAnswer answer, TextWriter writer)
    {
        writer.WriteLine(
            $"{(answer.IsOpen ? "OPEN" : "CLOSED")}  {answer.Tenant} at {Time(answer.At)} {answer.TimeZone}, {answer.Kind} start{(answer.Release is { } release ? $" of {release}" : "")}, class {answer.Class ?? "unknown"}, risk {answer.Risk ?? "unknown"}"
        );
        foreach (var reason in answer.Reasons)
        {
            writer.WriteLine($"  {reason.Code}: {reason.What} ({reason.Origin})");
        }

        foreach (var past in answer.Past)
        {
            writer.WriteLine($"  past {past.Rule}, as an emergency that names it: {past.What} ({past.Origin})");
        }

        foreach (var rule in answer.Rules)
        {
            writer.WriteLine($"  {(rule.Holds ? "holds" : "-"), -5}  {rule.Effect, -6}  {rule.Rule}  {rule.Origin}");
        }

        writer.WriteLine($"  next opening  {Time(answer.NextOpening)}");
        writer.WriteLine($"  next closing  {Time(answer.NextClosing)}");
        writer.WriteLine($"  by {answer.Zones}, set {answer.Set}");
    }

    private static string Time(DateTimeOffset? at) =>
        at?.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture) ?? "not in sight";
}
