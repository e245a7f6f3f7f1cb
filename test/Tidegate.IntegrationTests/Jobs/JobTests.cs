using Microsoft.Extensions.DependencyInjection;
using Tidegate.Cli;
using Tidegate.ControlPlane.Jobs;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Jobs;

/// <summary>Jobs over real PostgreSQL, ordered and seen through the command line.</summary>
public sealed class JobTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private readonly ScriptedJobHandler _handler = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_is_done_once_cleaned_up_after_and_told()
    {
        await using var plane = await StartAsync();
        _handler.Work = async (_, context, token) =>
        {
            await context.ReportAsync(new JobProgress("copying", 40, 100, "files"), token);
            return new ScriptedResult("it is there");
        };

        var id = await OrderAsync(plane, "a");
        var watched = await plane.RunAsync("job", "watch", id);

        Assert.Equal(ExitCodes.Done, watched.Exit);
        Assert.StartsWith("scripted of shop done in ", watched.Output, StringComparison.Ordinal);
        Assert.Equal(["run a 1", "clean a"], _handler.Calls);
        Assert.Contains("it is there", (await plane.RunAsync("job", "show", id)).Output, StringComparison.Ordinal);
        Assert.Contains(
            id,
            (await plane.RunAsync("job", "list", "--kind", "scripted")).Output,
            StringComparison.Ordinal
        );
        Assert.Contains($"tester scripted job {id} about shop: why not", await plane.LedgerAsync("command"));
        Assert.Contains($"engine/local scripted job {id} about shop", await plane.LedgerAsync("intent"));
        Assert.Contains($"engine/local scripted job {id}: done", await plane.LedgerAsync("outcome"));
    }

    [Fact]
    public async Task What_goes_wrong_is_told_and_what_the_job_made_is_removed()
    {
        await using var plane = await StartAsync();
        _handler.Work = (_, _, _) => throw new JobFailedException("there is no backup of it; tidegate backup run.");

        var watched = await plane.RunAsync("job", "watch", await OrderAsync(plane, "a"));

        Assert.Equal(ExitCodes.EndedBadly, watched.Exit);
        Assert.Equal(
            $"scripted of shop failed: there is no backup of it; tidegate backup run.{Environment.NewLine}",
            watched.Output
        );
        Assert.Equal(["run a 1", "clean a"], _handler.Calls);
    }

    [Fact]
    public async Task A_job_that_is_given_up_stops_where_it_is_and_is_cleaned_up_after()
    {
        await using var plane = await StartAsync();
        var begun = new TaskCompletionSource();
        _handler.Work = async (_, _, token) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            throw new System.Diagnostics.UnreachableException();
        };
        var id = await OrderAsync(plane, "a");
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);

        await plane.SucceedAsync("job", "cancel", id, "--reason", "the wrong shop");

        Assert.Equal(ExitCodes.Aborted, (await plane.RunAsync("job", "watch", id)).Exit);
        Assert.Equal(["run a 1", "clean a"], _handler.Calls);
        // Asked again, it is what it is.
        await plane.SucceedAsync("job", "cancel", id);
    }

    [Fact]
    public async Task A_job_that_has_its_outcome_cannot_be_given_up()
    {
        await using var plane = await StartAsync();
        var id = await OrderAsync(plane, "a");
        await plane.RunAsync("job", "watch", id);

        var refused = await plane.RunAsync("job", "cancel", id);

        Assert.Equal(ExitCodes.Conflict, refused.Exit);
        Assert.Equal(ExitCodes.NotFound, (await plane.RunAsync("job", "cancel", "j-none")).Exit);
    }

    [Fact]
    public async Task A_job_whose_server_is_gone_is_cleaned_up_and_run_again_with_what_was_kept()
    {
        string id;
        var kept = new TaskCompletionSource();
        await using var first = await StartAsync();
        var lost = new ScriptedJobHandler
        {
            Work = async (_, context, token) =>
            {
                await context.KeepAsync(new ScriptedResult("half of it"), token);
                kept.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                throw new System.Diagnostics.UnreachableException();
            },
        };
        await using (await first.JoinAsync("oslo", services => services.AddSingleton<IJobHandler>(lost)))
        {
            id = await OrderAsync(first, "a", "oslo");
            await kept.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);
        }

        _handler.Work = (_, context, _) => Task.FromResult(context.Kept<ScriptedResult>() ?? new("nothing"));
        await using var second = await first.JoinAsync(
            "oslo",
            services => services.AddSingleton<IJobHandler>(_handler)
        );
        await first.SucceedAsync("job", "watch", id);

        Assert.Contains("half of it", (await first.RunAsync("job", "show", id)).Output, StringComparison.Ordinal);
        Assert.Equal(["run a 1"], lost.Calls);
        Assert.Equal(["clean a", "run a 2", "clean a"], _handler.Calls);
    }

    [Fact]
    public async Task A_job_over_which_three_servers_were_lost_is_given_up_and_cleaned_up_after()
    {
        await using var plane = await StartAsync();
        var id = await OrderAsync(plane, "a", "oslo");
        await plane.QueryAsync(
            "update job set state = 'running', attempts = 3, lease_until = '-infinity', lease_owner = 'gone' where id = $1 returning id",
            id
        );
        await using var oslo = await plane.JoinAsync("oslo", services => services.AddSingleton<IJobHandler>(_handler));

        var watched = await plane.RunAsync("job", "watch", id);

        Assert.Equal(ExitCodes.EndedBadly, watched.Exit);
        Assert.Contains("3 servers of site oslo were lost over it", watched.Output, StringComparison.Ordinal);
        Assert.Equal(["clean a"], _handler.Calls);
    }

    [Fact]
    public async Task Cleaning_that_does_not_work_is_told_and_the_outcome_stays()
    {
        await using var plane = await StartAsync();
        _handler.Cleaning = () => throw new IOException("the disk is read-only");

        var id = await OrderAsync(plane, "a");

        await plane.UntilQueryAsync(
            "select concat_ws(' ', state, outcome, progress ->> 'stage') from job",
            "cleaning done cleaning up is tried again: the disk is read-only"
        );
        _handler.Cleaning = () => Task.CompletedTask;
        await plane.QueryAsync("update job set lease_until = '-infinity' where id = $1 returning id", id);
        Assert.Equal(ExitCodes.Done, (await plane.RunAsync("job", "watch", id)).Exit);
        Assert.Equal(["run a 1", "clean a", "clean a"], _handler.Calls);
    }

    [Fact]
    public async Task Jobs_of_one_lane_follow_each_other_and_others_do_not_wait_for_them()
    {
        await using var plane = await StartAsync();
        var go = new TaskCompletionSource();
        var (running, most) = (0, 0);
        _handler.Work = async (claimed, _, token) =>
        {
            if (claimed.Subject == "shop")
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                await go.Task.WaitAsync(token);
                Interlocked.Decrement(ref running);
            }

            return new ScriptedResult("done");
        };
        var ids = new List<string>();
        for (var number = 0; number < 5; number++)
        {
            ids.Add(await OrderAsync(plane, $"lane{number}", lane: "tenant:shop"));
        }

        await plane.SucceedAsync("job", "watch", await OrderAsync(plane, "free", subject: "other"));
        go.SetResult();
        foreach (var id in ids)
        {
            await plane.SucceedAsync("job", "watch", id);
        }

        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Ordering_with_the_key_of_a_job_that_has_not_ended_gives_that_one()
    {
        await using var plane = await StartAsync();
        var go = new TaskCompletionSource();
        _handler.Work = async (_, _, token) =>
        {
            await go.Task.WaitAsync(token);
            return new ScriptedResult("done");
        };

        var first = await OrderAsync(plane, "a", key: "backup of shop");
        var same = await OrderAsync(plane, "b", key: "backup of shop");
        go.SetResult();
        await plane.SucceedAsync("job", "watch", first);
        var later = await OrderAsync(plane, "c", key: "backup of shop");

        Assert.Equal(first, same);
        Assert.NotEqual(first, later);
    }

    [Fact]
    public async Task A_job_waits_until_it_is_due()
    {
        await using var plane = await StartAsync();
        var id = await OrderAsync(plane, "a", dueAt: TimeProvider.System.GetUtcNow().AddHours(1));

        await plane.SucceedAsync("job", "watch", await OrderAsync(plane, "b"));
        await plane.SucceedAsync("job", "cancel", id);

        Assert.Equal(["run b 1", "clean b"], _handler.Calls);
        Assert.Equal(ExitCodes.Aborted, (await plane.RunAsync("job", "watch", id)).Exit);
    }

    private Task<ScriptedControlPlane> StartAsync() =>
        ScriptedControlPlane.StartAsync(cluster, services => services.AddSingleton<IJobHandler>(_handler));

    private static async Task<string> OrderAsync(
        ScriptedControlPlane plane,
        string name,
        string site = "local",
        string subject = "shop",
        string? lane = null,
        string? key = null,
        DateTimeOffset? dueAt = null
    ) =>
        (
            await plane
                .Services.GetRequiredService<JobStore>()
                .OrderAsync(
                    ScriptedJob.Kind,
                    new(new(site), subject, new ScriptedJob(name), "tester", "why not", lane, key, dueAt),
                    Token
                )
        ).Value;
}
