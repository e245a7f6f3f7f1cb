using System.Security.Cryptography;
using System.Text;
using Tidegate.Contracts;

namespace Tidegate.Cli.Client;

/// <summary>Where a client's token is: a file that nobody else can read. It is never an argument, which every process list shows.</summary>
public static class TokenFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Where <c>tidegate login</c> keeps the session of a control plane.</summary>
    public static string OfSession(string address) =>
        Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } configured
                ? configured
                : Path.Combine(
                    Environment.GetFolderPath(
                        Environment.SpecialFolder.UserProfile,
                        Environment.SpecialFolderOption.DoNotVerify
                    ),
                    ".config"
                ),
            "tidegate",
            $"session-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address)))[..16]}"
        );

    /// <summary>The first line.</summary>
    /// <exception cref="ProblemException">There is no such file, it is empty, or others can read it.</exception>
    public static string Read(string path)
    {
        try
        {
            if ((File.GetUnixFileMode(path) & Others) != UnixFileMode.None)
            {
                throw Wrong($"{path} can be read or written by others.", $"chmod 600 {path}");
            }

            return File.ReadLines(path).FirstOrDefault()?.Trim() is { Length: > 0 } secret
                ? secret
                : throw Wrong($"{path} is empty.", null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Wrong($"{path} cannot be read: {failure.Message}", null);
        }
    }

    /// <summary>Makes or replaces the file, mode 0600 before anything is in it.</summary>
    /// <exception cref="ProblemException">It cannot be written.</exception>
    public static void Write(string path, string secret)
    {
        var draft = $"{path}.{Environment.ProcessId}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using (
                var file = new FileStream(
                    draft,
                    new FileStreamOptions
                    {
                        Mode = FileMode.Create,
                        Access = FileAccess.Write,
                        UnixCreateMode = OwnerOnly,
                    }
                )
            )
            {
                file.Write(Encoding.UTF8.GetBytes(secret + "\n"));
            }

            File.Move(draft, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Wrong($"{path} cannot be written: {failure.Message}", null);
        }
    }

    private static ProblemException Wrong(string what, string? next) => new(new(ProblemCodes.Invalid, what, next));
}
