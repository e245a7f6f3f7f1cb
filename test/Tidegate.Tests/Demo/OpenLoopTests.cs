using Microsoft.Extensions.Time.Testing;
using Tidegate.Demo.Traffic;

namespace Tidegate.Tests.Demo;

public sealed class OpenLoopTests
{
    [Fact]
    public async Task Visits_begin_at_the_asked_rate_and_those_missed_are_made_up_for()
    {
        var clock = new FakeTimeProvider();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var begun = 0;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var loop = new OpenLoop(5, new Random(1), clock).RunAsync(
            () =>
            {
                if (++begun == 50)
                {
                    enough.SetResult();
                }
            },
            stop.Token
        );

        // Ten seconds pass at once, as they do for a process that was not scheduled.
        clock.Advance(TimeSpan.FromSeconds(10));
        await enough.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await loop;

        Assert.Equal(50, begun);
    }
}
