using Spectre.Console;

namespace Tidegate.Demo.Screens;

/// <summary>Chooses how to show the story.</summary>
internal static class Screen
{
    /// <summary>Redraws only where a person looks at a terminal that can; a log gets one line per change.</summary>
    public static IScreen For(IAnsiConsole console, Func<string, string?> environment, TimeProvider clock) =>
        console.Profile.Capabilities is { Interactive: true, Ansi: true }
        && string.IsNullOrEmpty(environment("NO_COLOR"))
        && string.IsNullOrEmpty(environment("CI"))
        && environment("TERM") is not "dumb"
            ? new LiveScreen(console, clock)
            : new PlainScreen(Console.Out, clock);
}
