using System.CommandLine;
using System.Globalization;

namespace Tidegate.Cli.Calendars;

internal static class ExportCommand
{
    private const string Text = """
        Write the calendars in force as an iCalendar file, for the calendars that people look at.

        Example:
          tidegate calendar export --tenant shop-oslo > shop-oslo.ics
          tidegate calendar export --tenant shop-oslo --class D --risk high > heavy.ics
        """;

    public static Command Create()
    {
        var tenant = new Option<string?>("--tenant")
        {
            Description = "Only rules that speak of this tenant, by its clock",
        };
        var release = new ReleaseOptions();
        var days = new Option<int>("--days") { Description = "How far ahead", DefaultValueFactory = _ => 366 };
        var json = JsonOption.Create();
        var command = new Command("export", Text) { tenant, days, json };
        release.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var known = string.Concat(release.Query(parsed).Select(each => $"&{each}"));
                var of = parsed.GetValue(tenant) is { } name ? $"&tenant={Uri.EscapeDataString(name)}" : "";
                await using var file = await client.GetStreamAsync(
                    $"/api/calendars.ics?days={parsed.GetValue(days).ToString(CultureInfo.InvariantCulture)}{of}{known}",
                    cancellationToken
                );
                using var reader = new StreamReader(file);
                var text = await reader.ReadToEndAsync(cancellationToken);
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(new { schema = "tidegate.calendar-file/1", file = text });
                }
                else
                {
                    await parsed.Output().WriteAsync(text);
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
