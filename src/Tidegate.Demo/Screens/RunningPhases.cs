using Spectre.Console;

namespace Tidegate.Demo.Screens;

/// <summary>What takes a while just now: one line at the bottom of a terminal, with something that moves.</summary>
internal sealed class RunningPhases(IAnsiConsole console, TimeProvider clock)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    private readonly Lock _changing = new();
    private readonly List<string> _running = [];
    private Task _shown = Task.CompletedTask;

    public void Add(string what)
    {
        lock (_changing)
        {
            _running.Add(what);
            if (_running.Count == 1)
            {
                _shown = ShowAsync(after: _shown);
            }
        }
    }

    /// <summary>When nothing else runs the line is gone on return: a terminal redraws one thing at a time.</summary>
    public async Task RemoveAsync(string what)
    {
        Task shown;
        lock (_changing)
        {
            _running.Remove(what);
            shown = _running.Count == 0 ? _shown : Task.CompletedTask;
        }

        await shown;
    }

    private async Task ShowAsync(Task after)
    {
        await after;
        await console
            .Status()
            .StartAsync(
                Markup.Escape(Line()),
                async status =>
                {
                    while (Line() is { Length: > 0 } line)
                    {
                        status.Status(Markup.Escape(line));
                        await Task.Delay(Glance, clock);
                    }
                }
            );
    }

    private string Line()
    {
        lock (_changing)
        {
            return string.Join(" · ", _running);
        }
    }
}
