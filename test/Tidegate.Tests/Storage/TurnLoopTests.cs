using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.Tests.Storage;

public sealed class TurnLoopTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Workers_that_have_nothing_to_do_pause_one_after_another()
    {
        const int Looks = 10;
        var idle = TimeSpan.FromMilliseconds(40);
        using var loop = new FourWorkers(idle);
        await loop.StartAsync(Token);
        await loop.LookAsync(4);
        var began = TimeProvider.System.GetTimestamp();

        await loop.LookAsync(Looks);

        Assert.InRange(TimeProvider.System.GetElapsedTime(began), idle * (Looks - 2), TimeSpan.MaxValue);
        await loop.StopAsync(Token);
    }

    [Fact]
    public async Task Once_one_has_found_something_all_look_without_waiting_for_their_pause()
    {
        using var loop = new FourWorkers(idle: TimeSpan.FromHours(1));
        await loop.StartAsync(Token);
        await loop.LookAsync(4);
        loop.Work = 4;

        loop.Wake();

        await loop.BeginAsync(4);
        await loop.StopAsync(Token);
    }

    /// <summary>Each piece of its work lasts until it is stopped.</summary>
    private sealed class FourWorkers(TimeSpan idle)
        : TurnLoop("a test", new(idle, idle), TimeProvider.System, NullLogger.Instance)
    {
        private readonly Channel<bool> _looks = Channel.CreateUnbounded<bool>();
        private readonly Channel<bool> _begun = Channel.CreateUnbounded<bool>();
        private int _work;

        public int Work
        {
            set => Volatile.Write(ref _work, value);
        }

        protected override int Workers => 4;

        public override async Task<bool> TurnAsync(CancellationToken stoppingToken)
        {
            await _looks.Writer.WriteAsync(true, stoppingToken);
            if (Interlocked.Decrement(ref _work) < 0)
            {
                return false;
            }

            Found();
            await _begun.Writer.WriteAsync(true, stoppingToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, Clock, stoppingToken);
            return true;
        }

        public void Wake() => Found();

        /// <summary>Waits until they have looked so many times more.</summary>
        public Task LookAsync(int count) => TakeAsync(_looks.Reader, count);

        /// <summary>Waits until so many more have begun to work.</summary>
        public Task BeginAsync(int count) => TakeAsync(_begun.Reader, count);

        private static async Task TakeAsync(ChannelReader<bool> reader, int count)
        {
            for (var taken = 0; taken < count; taken++)
            {
                await reader.ReadAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token);
            }
        }
    }
}
