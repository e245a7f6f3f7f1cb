using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Tidegate.Cli;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Calendars;

/// <summary>Calendars on a running control plane: what people ask, and what the engine does.</summary>
public sealed class CalendarVerbsTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task People_are_answered_by_the_decision_that_the_engine_makes()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        Assert.Contains(
            "No calendar is in force",
            (await plane.RunAsync("calendar", "show")).Output,
            StringComparison.Ordinal
        );
        await FreezeAsync(plane, Now.AddHours(-1), Now.AddDays(2));

        var shown = await plane.RunAsync("calendar", "show", "retail");
        var asked = await plane.RunAsync("calendar", "ask", "t1");
        var later = await plane.RunAsync(
            "calendar",
            "ask",
            "t1",
            "--at",
            "2090-01-01T00:00Z",
            "--release",
            "2026.11.2"
        );
        var planned = await plane.RunAsync("calendar", "timetable", "--release", "2026.11.2");
        var file = await plane.RunAsync("calendar", "export", "--tenant", "t1");

        Assert.Equal(ExitCodes.Done, shown.Exit);
        Assert.Contains("retail/freeze  calendars/retail.yaml:7", shown.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Blocked, asked.Exit);
        Assert.Contains(
            "frozen: The freeze retail/freeze holds. (calendars/retail.yaml:7)",
            asked.Output,
            StringComparison.Ordinal
        );
        Assert.Equal(ExitCodes.Done, later.Exit);
        Assert.Equal(ExitCodes.Done, planned.Exit);
        Assert.Contains("last tenant done", planned.Output, StringComparison.Ordinal);
        Assert.Contains("SUMMARY:retail/freeze", file.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ask", "t9")]
    [InlineData("ask", "t1", "--release", "2099.1")]
    [InlineData("show", "nothing")]
    [InlineData("export", "--tenant", "t9")]
    public async Task Who_is_not_there_is_told(params string[] arguments)
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);

        Assert.Equal(ExitCodes.NotFound, (await plane.RunAsync(["calendar", .. arguments])).Exit);
    }

    [Theory]
    [InlineData("--at", "2026-11-27T22:00")]
    [InlineData("--at", "tomorrow")]
    [InlineData("--kind", "gently")]
    [InlineData("--kind", "7")]
    public async Task A_question_that_is_none_is_refused(params string[] options)
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);

        Assert.Equal(ExitCodes.Usage, (await plane.RunAsync(["calendar", "ask", "t1", .. options])).Exit);
    }

    [Fact]
    public async Task A_rollout_waits_in_a_freeze_and_goes_on_when_calendars_change()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        await FreezeAsync(plane, Now.AddHours(-1), Now.AddDays(2));
        var rollout = await plane.StartRolloutAsync();

        var blockers = await UntilAsync(plane, "frozen");
        Assert.Contains($"rollout/{rollout}", blockers, StringComparison.Ordinal);
        Assert.Contains("calendars/retail.yaml:7", blockers, StringComparison.Ordinal);

        await using (var connection = await plane.Database.OpenConnectionAsync(Token))
        {
            await CalendarStore.ReplaceAsync(connection, [], Now, Token);
            await RolloutStore.WakeAsync(connection, Now, Token);
        }

        Assert.Equal(ExitCodes.Done, (await plane.RunAsync("rollout", "watch", rollout)).Exit);
        Assert.DoesNotContain("frozen", (await plane.RunAsync("blockers")).Output, StringComparison.Ordinal);
    }

    /// <summary>Every start and wait is in the ledger, whole: made again from it, it says the same.</summary>
    [Fact]
    public async Task What_the_ledger_has_of_a_decision_is_enough_to_make_it_again()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var store = plane.Services.GetRequiredService<CalendarStore>();
        await FreezeAsync(plane, Now.AddHours(-1), Now.AddDays(2));
        var rollout = await plane.StartRolloutAsync();
        await UntilAsync(plane, "frozen");
        // A freeze that is over lets them start, under another set.
        await FreezeAsync(plane, Now.AddDays(-9), Now.AddDays(-8));
        Assert.Equal(ExitCodes.Done, (await plane.RunAsync("rollout", "watch", rollout)).Exit);

        var (started, waited) = (0, 0);
        await using var command = plane.Database.CreateCommand(
            "select reason from ledger where rollout = $1 and reason like '%by the calendars: {%' order by id"
        );
        command.Parameters.Add(new() { Value = rollout });
        await using var row = await command.ExecuteReaderAsync(Token);
        while (await row.ReadAsync(Token))
        {
            var reason = row.GetString(0);
            var decision = RecordedDecision.Read(reason[reason.IndexOf('{', StringComparison.Ordinal)..]);
            var set = await store.FindAsync(decision.Set, Token);

            Assert.Equal(decision.Reasons.ToList(), [.. decision.Replay(set!).Reasons]);
            Assert.StartsWith("TZDB", decision.Zones, StringComparison.Ordinal);
            (started, waited) = decision.Reasons.IsEmpty ? (started + 1, waited) : (started, waited + 1);
        }

        Assert.Equal(3, started);
        Assert.True(waited > 0);
    }

    private static async Task FreezeAsync(ScriptedControlPlane plane, DateTimeOffset from, DateTimeOffset to)
    {
        await using var connection = await plane.Database.OpenConnectionAsync(Token);
        await CalendarStore.ReplaceAsync(
            connection,
            [
                new(
                    new CalendarName("retail"),
                    [
                        new("freeze")
                        {
                            Effect = RuleEffect.Freeze,
                            Scope = new() { Environments = ["*"] },
                            When = new() { From = Text(from), To = Text(to) },
                            Line = 7,
                        },
                    ]
                ),
            ],
            Now,
            Token
        );
        await RolloutStore.WakeAsync(connection, Now, Token);
    }

    private static string Text(DateTimeOffset at) =>
        at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static async Task<string> UntilAsync(ScriptedControlPlane plane, string word)
    {
        for (var look = 0; look < 100; look++)
        {
            var output = (await plane.RunAsync("blockers")).Output;
            if (output.Contains(word, StringComparison.Ordinal))
            {
                return output;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Token);
        }

        throw new TimeoutException($"no blocker says {word}");
    }
}
