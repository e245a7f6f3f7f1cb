using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net.Sockets;
using System.Text.Json;
using Tidegate.Drivers.Odoo;

namespace Tidegate.Drivers.Journeys;

/// <summary>Makes journeys and keeps what came of each. Safe for journeys that are made at the same time.</summary>
/// <param name="refuseIfStale">
/// Asked before each: nothing stops a log-in or a fork server's job of one who was frozen between two journeys, and
/// wakes while the shop is open.
/// </param>
internal sealed class JourneyLog(TimeProvider clock, Func<CancellationToken, Task> refuseIfStale)
{
    private const int LongestAnswer = 500;

    /// <summary>Over it a journey could not be asked. Far above what one takes (1 to 2 s), since a busy machine is no fault of the release.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<JourneyResult> _results = new();

    public ImmutableArray<JourneyResult> Results =>
        [.. _results.OrderBy(result => result.Journey, StringComparer.Ordinal)];

    /// <summary>Makes one journey. True when it came out well.</summary>
    /// <param name="make">Returns what came back, in short. A <see cref="JourneyException"/> is a failed journey.</param>
    public async Task<bool> MakeAsync(
        string journey,
        string asked,
        Func<CancellationToken, Task<string>> make,
        CancellationToken cancellationToken
    )
    {
        await refuseIfStale(cancellationToken);
        var started = clock.GetTimestamp();
        using var bound = new CancellationTokenSource(Bound, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        var (verdict, answered) = await AnswerAsync(make, either.Token, cancellationToken);
        _results.Enqueue(
            new(
                journey,
                asked,
                answered.Length > LongestAnswer ? answered[..LongestAnswer] : answered,
                Math.Round(clock.GetElapsedTime(started).TotalSeconds, 3),
                verdict
            )
        );
        return verdict is Verdict.Pass;
    }

    private static async Task<(Verdict, string)> AnswerAsync(
        Func<CancellationToken, Task<string>> make,
        CancellationToken bounded,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return (Verdict.Pass, await make(bounded));
        }
        catch (JourneyException failed)
        {
            return (Verdict.Fail, failed.Message);
        }
        catch (Exception shape) when (shape is InvalidOperationException or KeyNotFoundException or JsonException)
        {
            // What System.Text.Json throws where an answer lacks what was asked for.
            return (Verdict.Fail, $"an answer of another shape than expected: {shape.Message}");
        }
        catch (MigratorUnreachableException unreachable)
        {
            return (Verdict.Error, unreachable.Message);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or SocketException)
        {
            // Nobody listens, or the connection broke: the release was not asked.
            return (Verdict.Error, $"could not be asked: {broken.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (Verdict.Error, $"no answer within {Bound.TotalSeconds:0} s");
        }
    }
}
