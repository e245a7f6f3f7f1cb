using System.Collections.Immutable;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>Who can say whether work may begin in an environment. Asked with each plan, and again before a rollout starts.</summary>
public interface IWorkGates
{
    /// <summary>The answers of the gates that the environment's policy asks; none where it asks none. Only one that passes lets work through.</summary>
    Task<ImmutableArray<GateAnswer>> AskAsync(WorkQuestion question, CancellationToken cancellationToken);
}

/// <summary>May this begin?</summary>
/// <param name="Plan">What exactly it would do.</param>
/// <param name="Request">What was asked for: the same again gives the plan of then.</param>
/// <param name="By">Who asks for it, and who starts it.</param>
public sealed record WorkQuestion(RolloutPlan Plan, PlanRollout Request, ImmutableArray<string> By)
{
    /// <summary>Whether it begins when every gate passes; otherwise somebody only looks.</summary>
    public bool Starts { get; init; }

    /// <summary>Of whom the ledger keeps that the start was refused; null where nobody was refused, and work only goes on waiting.</summary>
    public string? Refused { get; init; }

    /// <summary>Who stands behind the start, as calendars ask: a plan holds by it.</summary>
    public StartKind Kind { get; init; } = StartKind.Manual;

    public bool IsEmergency { get; init; }

    /// <summary>Gates that it goes past, by name.</summary>
    public ImmutableArray<string> Overrides { get; init; } = [];

    public EnvironmentName Environment => Plan.Environment;

    public ReleaseRef Release => Plan.Release;
}

/// <summary>All of them, one after another; what an emergency goes past says nothing.</summary>
public sealed class WorkGates(IEnumerable<IWorkGates> all)
{
    public async Task<ImmutableArray<GateAnswer>> AskAsync(WorkQuestion question, CancellationToken cancellationToken)
    {
        var answers = ImmutableArray.CreateBuilder<GateAnswer>();
        foreach (var gates in all)
        {
            answers.AddRange(LeftOf(await gates.AskAsync(question, cancellationToken), question.Overrides));
        }

        return answers.ToImmutable();
    }

    /// <summary>What an emergency does not go past.</summary>
    internal static IEnumerable<GateAnswer> LeftOf(IEnumerable<GateAnswer> answers, ImmutableArray<string> overrides) =>
        answers.Where(answer => !overrides.Contains(answer.Gate, StringComparer.Ordinal));
}
