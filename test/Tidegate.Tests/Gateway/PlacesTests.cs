using Tidegate.Gateway.Forwarding;

namespace Tidegate.Tests.Gateway;

public sealed class PlacesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Places_are_given_in_the_order_asked()
    {
        var places = new Places(1);
        Assert.True(await places.TakeAsync(Stop));
        var order = new List<int>();
        var waiting = Enumerable.Range(0, 3).Select(number => NoteAsync(number)).ToArray();

        places.GiveBack();
        await Task.WhenAll(waiting);

        Assert.Equal([0, 1, 2], order);

        async Task NoteAsync(int number)
        {
            await places.TakeAsync(Stop);
            order.Add(number);
            places.GiveBack();
        }
    }

    [Fact]
    public async Task Who_leaves_while_waiting_gets_no_place_and_takes_none_from_the_next()
    {
        using var left = new CancellationTokenSource();
        var places = new Places(1);
        await places.TakeAsync(Stop);
        var leaving = AskAsync(places, left.Token);
        var next = AskAsync(places, Stop);

        await left.CancelAsync();
        Assert.False(await leaving);
        places.GiveBack();

        Assert.True(await next);
    }

    [Fact]
    public async Task Who_has_left_before_asking_waits_for_nothing()
    {
        var places = new Places(1);
        await places.TakeAsync(Stop);

        Assert.False(await places.TakeAsync(new CancellationToken(canceled: true)));
    }

    // Each gives its place to the next within its own turn: without a bound on that, this ends the process.
    [Fact]
    public async Task A_long_line_in_which_nobody_stays_uses_up_no_stack()
    {
        var places = new Places(1);
        await places.TakeAsync(Stop);
        var line = Enumerable.Range(0, 100_000).Select(_ => ComeAndGoAsync()).ToArray();

        places.GiveBack();
        await Task.WhenAll(line);

        Assert.True(AskAsync(places, Stop).IsCompleted);

        async Task ComeAndGoAsync()
        {
            await places.TakeAsync(Stop);
            places.GiveBack();
        }
    }

    [Fact]
    public async Task There_are_never_more_inside_than_there_are_places_and_none_is_lost()
    {
        const int Count = 4;
        var places = new Places(Count);
        var inside = 0;
        var most = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 20_000),
            new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = Stop },
            async (number, _) =>
            {
                using var left = new CancellationTokenSource();
                var asked = AskAsync(places, left.Token);
                if (number % 3 == 0)
                {
                    await left.CancelAsync();
                }

                if (await asked)
                {
                    InterlockedMax(ref most, Interlocked.Increment(ref inside));
                    await Task.Yield();
                    Interlocked.Decrement(ref inside);
                    places.GiveBack();
                }
            }
        );

        Assert.InRange(most, 1, Count);
        Assert.All(Enumerable.Range(0, Count), _ => Assert.True(AskAsync(places, Stop).IsCompleted));
        Assert.False(AskAsync(places, Stop).IsCompleted);
    }

    private static Task<bool> AskAsync(Places places, CancellationToken left) => places.TakeAsync(left).AsTask();

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); seen < value; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
