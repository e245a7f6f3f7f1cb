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
        var (verdict, why, answer) = await AskAsync(make, cancellationToken);
        Keep(journey, asked, why ?? answer!, SecondsSince(started), verdict);
        return verdict is Verdict.Pass;
    }

    /// <summary>Makes journeys that are asked for at once. What keeps all from being made is kept of each.</summary>
    /// <param name="journeys">Their names, and what is asked.</param>
    /// <param name="make">Returns an answer for each name.</param>
    public async Task MakeAsync(
        IReadOnlyList<(string Journey, string Asked)> journeys,
        Func<CancellationToken, Task<IReadOnlyDictionary<string, JourneyAnswer>>> make,
        CancellationToken cancellationToken
    )
    {
        await refuseIfStale(cancellationToken);
        var started = clock.GetTimestamp();
        var (verdict, why, answers) = await AskAsync(make, cancellationToken);
        var tookAll = SecondsSince(started);
        foreach (var (journey, asked) in journeys)
        {
            if (answers is null)
            {
                Keep(journey, asked, why!, tookAll, verdict);
            }
            else
            {
                var one = await AskAsync(_ => Task.FromResult(answers[journey].Read()), cancellationToken);
                var took = answers.TryGetValue(journey, out var answer) ? answer.DurationS : tookAll;
                Keep(journey, asked, one.Why ?? one.Answer!, took, one.Verdict);
            }
        }
    }

    private void Keep(string journey, string asked, string answered, double durationS, Verdict verdict) =>
        _results.Enqueue(
            new(
                journey,
                asked,
                answered.Length > LongestAnswer ? answered[..LongestAnswer] : answered,
                durationS,
                verdict
            )
        );

    private double SecondsSince(long started) => Math.Round(clock.GetElapsedTime(started).TotalSeconds, 3);

    /// <returns>What came back, or why nothing did.</returns>
    private async Task<(Verdict Verdict, string? Why, T? Answer)> AskAsync<T>(
        Func<CancellationToken, Task<T>> make,
        CancellationToken cancellationToken
    )
        where T : class
    {
        using var bound = new CancellationTokenSource(Bound, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        try
        {
            return (Verdict.Pass, null, await make(either.Token));
        }
        catch (JourneyException failed)
        {
            return (Verdict.Fail, failed.Message, null);
        }
        catch (Exception shape) when (shape is InvalidOperationException or KeyNotFoundException or JsonException)
        {
            // What System.Text.Json throws where an answer lacks what was asked for.
            return (Verdict.Fail, $"an answer of another shape than expected: {shape.Message}", null);
        }
        catch (MigratorUnreachableException unreachable)
        {
            return (Verdict.Error, unreachable.Message, null);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or SocketException)
        {
            // Nobody listens, or the connection broke: the release was not asked.
            return (Verdict.Error, $"could not be asked: {broken.Message}", null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (Verdict.Error, $"no answer within {Bound.TotalSeconds:0} s", null);
        }
    }
}

/// <summary>What came back of one of several journeys.</summary>
/// <param name="Read">Makes a short answer of it. A <see cref="JourneyException"/> is a failed journey.</param>
/// <param name="DurationS">Seconds.</param>
internal sealed record JourneyAnswer(Func<string> Read, double DurationS);
