using System.Globalization;

namespace Tidegate.Drivers.Sites;

/// <summary>Finds PostgreSQL's programs on this machine.</summary>
public static class PostgresBinaries
{
    /// <summary>Names a folder of a PostgreSQL that is not where Debian's packages put it.</summary>
    public const string Variable = "TIDEGATE_POSTGRES";

    private const string DebianFolder = "/usr/lib/postgresql";
    private const int OldestVersion = 15; // CREATE DATABASE … STRATEGY

    /// <summary>What the variable names, else the newest of Debian's packages; null when there is none.</summary>
    public static string? Find() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : Newest();

    private static string? Newest() =>
        Directory.Exists(DebianFolder)
            ? Directory
                .EnumerateDirectories(DebianFolder)
                .Where(folder => Version(folder) >= OldestVersion)
                .OrderByDescending(Version)
                .Select(folder => Path.Combine(folder, "bin"))
                .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            : null;

    private static int Version(string folder) =>
        int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : 0;
}
