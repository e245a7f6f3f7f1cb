using Tidegate.Contracts;
using Tidegate.Contracts.Rollouts;

namespace Tidegate.Cli;

/// <summary>What the command line ends with.</summary>
public static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;

    /// <summary>The rollout ended badly, halted or rolled back; the job failed.</summary>
    public const int EndedBadly = 2;

    /// <summary>Refused by a rule or a check; nothing was changed.</summary>
    public const int Blocked = 3;

    public const int NotFound = 5;

    /// <summary>The world has moved, or somebody else works on it.</summary>
    public const int Conflict = 6;

    /// <summary>Timed out while waiting; the operation continues.</summary>
    public const int TimedOut = 7;

    /// <summary>The rollout was aborted by a person, or superseded, before every tenant ran the release; the job was cancelled.</summary>
    public const int Aborted = 8;

    public const int Usage = 64;

    public const int Unavailable = 69;

    /// <summary>Nothing good says who asks, or whoever asks may not.</summary>
    public const int NotAllowed = 77;

    public const int Interrupted = 130;

    public static int Of(ApiProblem problem) =>
        problem.Code switch
        {
            ProblemCodes.Invalid => Usage,
            ProblemCodes.NotFound => NotFound,
            ProblemCodes.Conflict => Conflict,
            ProblemCodes.Blocked => Blocked,
            ProblemCodes.Unauthenticated or ProblemCodes.Forbidden => NotAllowed,
            ProblemCodes.Unavailable or ProblemCodes.Busy => Unavailable,
            _ => Failed,
        };

    /// <summary>Of a rollout that has ended: 0 only when every tenant that could take the release runs it.</summary>
    public static int Of(RolloutView rollout) =>
        rollout.Outcome is "completed" or "completed_with_exceptions" ? Done
        : (rollout.AbortedBy ?? rollout.SupersededBy) is not null ? Aborted
        : EndedBadly;
}
