using Tidegate.ControlPlane.Blockers;

namespace Tidegate.ControlPlane.Policy;

/// <summary>Makes one answer of many reasons.</summary>
public static class GateReasons
{
    /// <summary>Fails for what is wrong; without that, what is unknown keeps it from passing.</summary>
    public static GateAnswer Answer(
        string gate,
        IReadOnlyCollection<GateReason> wrong,
        IReadOnlyCollection<GateReason> unknown
    ) =>
        (wrong.Count, unknown.Count) switch
        {
            (0, 0) => GateAnswer.Pass(gate),
            (0, _) => GateAnswer.Inconclusive(gate, [.. unknown]),
            _ => GateAnswer.Fail(gate, [.. wrong, .. unknown]),
        };

    /// <summary>The reason as the blocker that it is.</summary>
    /// <param name="subject">What does not move.</param>
    /// <param name="origin">Where it comes from, for people, or null.</param>
    public static Blocker Blocker(this GateReason reason, string subject, DateTimeOffset since, string? origin) =>
        new(subject, reason.Code, reason.What, since, reason.Until, reason.Clears, reason.Next, origin, reason.Rule);

    /// <summary>One answer of several of the same gate: it fails where one does, and passes where all do.</summary>
    public static GateAnswer Merge(string gate, IReadOnlyCollection<GateAnswer> answers) =>
        Answer(
            gate,
            [.. answers.Where(answer => answer.Verdict is GateVerdict.Fail).SelectMany(answer => answer.Reasons)],
            [.. answers.Where(answer => answer.Verdict is not GateVerdict.Fail).SelectMany(answer => answer.Reasons)]
        );
}
