using System.CommandLine;
using Tidegate.Cli.Client;
using Tidegate.Contracts;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Reading;

namespace Tidegate.Server.Commands;

/// <summary><c>tidegate fleet …</c> on the files of a fleet. Needs no control plane.</summary>
internal static class FleetCommand
{
    public static IReadOnlyList<Command> Verbs() =>
        [
            FleetInitCommand.Create(),
            FleetValidateCommand.Create(),
            FleetRenderCommand.Create(),
            FleetDiffCommand.Create(),
        ];

    internal static Argument<string> FolderArgument(string name, string description) =>
        new(name) { Description = description };

    /// <summary>The fleet's files.</summary>
    /// <exception cref="ProblemException">There is no such folder, or it cannot be listed.</exception>
    internal static FleetReading Read(string place, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(place))
        {
            throw new ProblemException(
                new ApiProblem(ProblemCodes.NotFound, $"there is no folder {place}.", "tidegate fleet init makes one.")
            );
        }

        try
        {
            return FleetReader.Read(new FolderFiles(place), cache: null, cancellationToken);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // The folder itself: rights, or a disk that is gone.
            throw new ProblemException(
                new ApiProblem(ProblemCodes.Blocked, $"{place} cannot be read: {unreadable.Message}")
            );
        }
    }

    /// <summary>The fleet, where it is whole.</summary>
    /// <exception cref="ProblemException">It is broken; the first problem is told.</exception>
    internal static DesiredFleet ReadGood(string place, CancellationToken cancellationToken) =>
        Read(place, cancellationToken) switch
        {
            FleetReading.Good good => good.Fleet,
            FleetReading.Broken broken => throw new ProblemException(
                new ApiProblem(
                    ProblemCodes.Blocked,
                    $"the fleet in {place} has {Count(broken.Count, "problem")}; the first: {broken.Problems[0]}",
                    $"tidegate fleet validate {place} tells all of them."
                )
            ),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    internal static string Count(int number, string noun) =>
        FormattableString.Invariant($"{number} {(number == 1 ? noun : $"{noun}s")}");
}
