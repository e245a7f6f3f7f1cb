using Spectre.Console;
using Tidegate.Demo.Reporting;
using Tidegate.Demo.Screens;

namespace Tidegate.Tests.Demo;

public sealed class LiveScreenTests
{
    [Fact]
    public async Task What_runs_at_the_same_time_shares_a_line_and_each_end_is_said_on_a_line_of_its_own()
    {
        using var written = new StringWriter { NewLine = "\n" };
        var screen = new LiveScreen(Terminal(written, width: 80), TimeProvider.System);

        await using (screen.Begin("five shops"))
        {
            await using (screen.Begin("five releases"))
            {
                await Eventually(() =>
                    written.ToString().Contains("five shops · five releases", StringComparison.Ordinal)
                );
            }
        }

        await using (screen.Begin("site down")) { }

        var lines = written.ToString().Split('\n');
        Assert.Contains(lines, line => line.Contains("five releases: 0.", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("five shops: 0.", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("site down: 0.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void The_summary_fits_the_terminal_and_keeps_every_figure(int width)
    {
        using var written = new StringWriter { NewLine = "\n" };
        var rollout = new RolloutReport("2026.11.2", "rolled_back", null, 12345, 6, 789, 1011, 0, 0, []);

        new LiveScreen(Terminal(written, width), TimeProvider.System).Summarise(new DemoReport(1, [rollout]));

        var text = written.ToString();
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= width, line));
        Assert.All(["12345", "789", "1011"], figure => Assert.Contains(figure, text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    public async Task A_rollout_has_a_line_for_each_tenant_in_a_narrow_terminal_too(int width)
    {
        using var written = new StringWriter { NewLine = "\n" };
        var tenant = PlainScreenTests.Tenant("shop-lisbon", "back") with
        {
            Step = "link-filestore",
            HoldSeconds = 12.3,
        };

        await new LiveScreen(Terminal(written, width), TimeProvider.System).FollowAsync(
            "2026.11.3 to production",
            PlainScreenTests.Told((75, [tenant, tenant with { Tenant = "shop-oslo" }]))
        );

        var text = written.ToString();
        Assert.Contains(
            text.Split('\n'),
            line =>
                line.Contains("shop-lisbon", StringComparison.Ordinal)
                && line.Contains("going back: link-filestore", StringComparison.Ordinal)
        );
    }

    private static IAnsiConsole Terminal(TextWriter writer, int width)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                ColorSystem = ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.Yes,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        console.Profile.Width = width;
        return console;
    }

    private static async Task Eventually(Func<bool> isTrue)
    {
        for (var look = 0; !isTrue() && look < 200; look++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.True(isTrue());
    }
}
