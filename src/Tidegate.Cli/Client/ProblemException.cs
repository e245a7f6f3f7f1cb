using Tidegate.Contracts;

namespace Tidegate.Cli.Client;

/// <summary>A request was not carried out; <see cref="Problem"/> says why. Caught at the command line's edge.</summary>
public sealed class ProblemException(ApiProblem problem) : Exception(problem.What)
{
    public ApiProblem Problem { get; } = problem;
}
