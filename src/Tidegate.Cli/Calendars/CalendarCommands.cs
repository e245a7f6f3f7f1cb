using System.CommandLine;

namespace Tidegate.Cli.Calendars;

internal static class CalendarCommands
{
    public static Command Create() =>
        new("calendar", "When change may start, and when not: show, ask, timetable, export, import, test")
        {
            ShowCommand.Create(),
            AskCommand.Create(),
            TimetableCommand.Create(),
            ExportCommand.Create(),
        };
}
