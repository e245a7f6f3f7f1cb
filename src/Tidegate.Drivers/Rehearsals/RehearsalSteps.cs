using System.Collections.Immutable;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Rehearsals;

namespace Tidegate.Drivers.Rehearsals;

/// <summary>What a rehearsal has done so far, each with how long it took; people are told what it does now.</summary>
internal sealed class RehearsalSteps(JobContext context, TimeProvider clock)
{
    private readonly List<RehearsedStep> _steps = [];

    public ImmutableArray<RehearsedStep> All => [.. _steps];

    public double? SecondsOf(string name) => _steps.FirstOrDefault(step => step.Name == name)?.Seconds;

    /// <param name="name">Stable; a cutover's own name where it is what a cutover does.</param>
    /// <param name="stage">For people.</param>
    /// <param name="work">Gives what came of it, and that in one sentence.</param>
    public async Task<T> DoAsync<T>(
        string name,
        string stage,
        Func<Task<(T Value, string Summary)>> work,
        CancellationToken cancellationToken
    )
    {
        await context.ReportAsync(new JobProgress(stage), cancellationToken);
        var began = clock.GetTimestamp();
        var (value, summary) = await work();
        _steps.Add(new(name, Math.Round(clock.GetElapsedTime(began).TotalSeconds, 3), summary));
        return value;
    }

    /// <summary>The same for what leaves nothing to go on with.</summary>
    public Task DoAsync(string name, string stage, Func<Task<string>> work, CancellationToken cancellationToken) =>
        DoAsync(name, stage, async () => (true, await work()), cancellationToken);

    public Task TellAsync(JobProgress progress, CancellationToken cancellationToken) =>
        context.ReportAsync(progress, cancellationToken);
}
