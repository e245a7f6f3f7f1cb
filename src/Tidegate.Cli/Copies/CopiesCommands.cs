using System.CommandLine;

namespace Tidegate.Cli.Copies;

internal static class CopiesCommands
{
    public static Command Create() =>
        new("copies", "Every second instance of a tenant's data: list, of, extend, drop")
        {
            ListCommand.Create(),
            OfCommand.Create(),
            ExtendCommand.Create(),
            DropCommand.Create(),
        };

    internal static Argument<string> Id() => new("copy") { Description = "The copy's id, as copies list shows it" };

    internal static string Path(string id) => $"/api/copies/{Uri.EscapeDataString(id)}";
}
