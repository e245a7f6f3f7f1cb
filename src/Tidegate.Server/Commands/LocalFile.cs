using Tidegate.Cli.Client;
using Tidegate.Contracts;

namespace Tidegate.Server.Commands;

/// <summary>A small file that somebody names on the command line.</summary>
internal static class LocalFile
{
    private const int Largest = 1 << 20;

    /// <exception cref="ProblemException">There is none, it cannot be read, or it is too large.</exception>
    public static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: > Largest }
                ? throw new ProblemException(
                    new ApiProblem(ProblemCodes.Invalid, $"{path} has more than 1 MiB and is not read.")
                )
                : await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(
                new ApiProblem(ProblemCodes.NotFound, $"{path} cannot be read: {unreadable.Message}")
            );
        }
    }
}
