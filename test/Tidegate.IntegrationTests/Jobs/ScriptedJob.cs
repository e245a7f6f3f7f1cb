using System.Collections.Concurrent;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.IntegrationTests.Jobs;

/// <summary>A job whose handler the test holds in its hands.</summary>
public sealed record ScriptedJob(string Name)
{
    public static readonly JobKind<ScriptedJob, ScriptedResult> Kind = new("scripted");
}

public sealed record ScriptedResult(string Said);

/// <summary>Does what the test says for each job, and remembers what was asked of it.</summary>
internal sealed class ScriptedJobHandler : JobHandler<ScriptedJob, ScriptedResult>
{
    public ScriptedJobHandler()
        : base(ScriptedJob.Kind) { }

    /// <summary>What happened, in order: <c>run a 1</c>, <c>clean a</c>.</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    /// <summary>What a run does; told the job, its context and its token.</summary>
    public Func<ClaimedJob, JobContext, CancellationToken, Task<ScriptedResult>> Work { get; set; } =
        (_, _, _) => Task.FromResult(new ScriptedResult("done"));

    /// <summary>What cleaning does.</summary>
    public Func<Task> Cleaning { get; set; } = () => Task.CompletedTask;

    protected override Task<ScriptedResult> RunAsync(
        ScriptedJob job,
        ClaimedJob claimed,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        Calls.Enqueue($"run {job.Name} {claimed.Attempts}");
        return Work(claimed, context, cancellationToken);
    }

    protected override Task CleanUpAsync(ScriptedJob job, ClaimedJob claimed, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"clean {job.Name}");
        return Cleaning();
    }
}
