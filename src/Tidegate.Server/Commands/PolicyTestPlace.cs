using Tidegate.Cli.Client;
using Tidegate.Contracts;
using Tidegate.ControlPlane.DesiredState;

namespace Tidegate.Server.Commands;

/// <summary>Which cases are meant by a path.</summary>
internal static class PolicyTestPlace
{
    private const string Folder = FleetLayout.PolicyTests;

    /// <summary>The fleet's folder, and the file of cases; null for all.</summary>
    /// <exception cref="ProblemException">It is neither a fleet's folder nor a file of its cases.</exception>
    public static (string Fleet, PolicyTestName? File) Of(string path)
    {
        if (Directory.Exists(path))
        {
            return (IsOfCases(path) ? Up(path) : path, null);
        }

        if (!File.Exists(path))
        {
            throw new ProblemException(
                new ApiProblem(
                    ProblemCodes.NotFound,
                    $"there is no folder or file {path}.",
                    "name the fleet's folder, the one with tidegate.yaml."
                )
            );
        }

        var folder = Up(path);
        return IsOfCases(folder)
            ? (Up(folder), new PolicyTestName(Path.GetFileNameWithoutExtension(path)))
            : throw new ProblemException(
                new ApiProblem(
                    ProblemCodes.Invalid,
                    $"{path} is no file of cases: those are in the folder {Folder} of their fleet.",
                    "move it there, or name the fleet's folder."
                )
            );
    }

    /// <summary>What to write where there is nothing yet.</summary>
    public static ProblemException NoCases(string folder, DesiredFleet fleet)
    {
        var tenant =
            fleet.Tenants.FirstOrDefault(each => fleet.EnvironmentOf(each).Policy is not null)
            ?? (fleet.Tenants is [var first, ..] ? first : null);
        return new(
            new ApiProblem(
                ProblemCodes.NotFound,
                $"the fleet in {folder} has no cases: there is no file in {Folder}.",
                $"""
                write {Folder}/first.yaml, for instance:

                cases:
                  - name: nothing starts on the evening of Black Friday
                    environment: {(tenant is null ? "production" : fleet.EnvironmentOf(tenant).Name.Value)}
                    at: 2026-11-27T23:00 {tenant?.TimeZone ?? "Europe/Oslo"}
                    expect: {"{start: false}"}
                """
            )
        );
    }

    private static bool IsOfCases(string folder) =>
        Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) == Folder
        && !File.Exists(Path.Join(folder, FleetLayout.Root));

    private static string Up(string path) =>
        Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(path)) is { Length: > 0 } up ? up : Above(path);

    // A name alone is in the folder that one is in; of a folder named by dots only the whole path tells.
    private static string Above(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? path;
}
