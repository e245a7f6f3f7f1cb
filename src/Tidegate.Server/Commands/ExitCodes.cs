namespace Tidegate.Server.Commands;

/// <summary>What the command line ends with.</summary>
public static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The operation failed; nothing half-done stays.</summary>
    public const int Failed = 1;

    /// <summary>The rollout ended badly: failed or rolled back.</summary>
    public const int EndedBadly = 2;

    /// <summary>Blocked by policy, freeze, approval or gate; nothing was changed.</summary>
    public const int Blocked = 3;

    /// <summary>Not authenticated or not permitted.</summary>
    public const int NotPermitted = 4;

    public const int NotFound = 5;

    /// <summary>Stale plan, busy tenant, name taken.</summary>
    public const int Conflict = 6;

    /// <summary>Timed out while waiting; the operation goes on.</summary>
    public const int TimedOut = 7;

    /// <summary>Aborted by a person or superseded.</summary>
    public const int Aborted = 8;

    /// <summary>The command line asks for what cannot be (<c>EX_USAGE</c>).</summary>
    public const int Usage = 64;

    /// <summary>The server does not answer (<c>EX_UNAVAILABLE</c>).</summary>
    public const int Unavailable = 69;

    /// <summary>Ctrl-C: detached.</summary>
    public const int Interrupted = 130;
}
