namespace Tidegate.Contracts;

/// <summary>Why a request was not carried out. Nothing was changed.</summary>
/// <param name="Code">Stable, for programs: <see cref="ProblemCodes"/>.</param>
/// <param name="What">What was wrong, and where.</param>
/// <param name="Next">What to do about it, or null.</param>
public sealed record ApiProblem(string Code, string What, string? Next = null);

/// <summary>The codes of <see cref="ApiProblem"/>, each with one HTTP status and one exit code of the command line.</summary>
public static class ProblemCodes
{
    /// <summary>The request itself is wrong. HTTP 400, exit 64.</summary>
    public const string Invalid = "invalid";

    /// <summary>Something that was named does not exist. HTTP 404, exit 5.</summary>
    public const string NotFound = "not-found";

    /// <summary>The world has moved, or somebody else works on it. HTTP 409, exit 6.</summary>
    public const string Conflict = "conflict";

    /// <summary>Refused by a rule or a check. HTTP 422, exit 3.</summary>
    public const string Blocked = "blocked";

    /// <summary>Nothing good says who asks. HTTP 401, exit 77.</summary>
    public const string Unauthenticated = "unauthenticated";

    /// <summary>Whoever asks may not. HTTP 403, exit 77.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>Too many ask at once; later it may work. HTTP 429, exit 69.</summary>
    public const string Busy = "busy";

    /// <summary>The control plane failed. HTTP 500, exit 1.</summary>
    public const string Failed = "failed";

    /// <summary>The control plane does not answer. Exit 69.</summary>
    public const string Unavailable = "unavailable";
}
