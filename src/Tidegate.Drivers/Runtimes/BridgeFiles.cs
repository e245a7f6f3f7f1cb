using System.Security.Cryptography;
using System.Text;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>The bridge's Python in a home folder, where the pools' users can read it and a newer Tidegate does not change it under running processes.</summary>
internal static class BridgeFiles
{
    /// <summary>The folder to put on the addons path; copied from beside the executable unless that version is there.</summary>
    public static string Install(SiteLayout layout)
    {
        var target = Path.Combine(layout.Bridge, CurrentVersion);
        if (!Directory.Exists(target))
        {
            CopyWhole(Source, Files(), target);
        }

        return target;
    }

    /// <summary>Names the folder of the bridge that comes with this Tidegate.</summary>
    public static string CurrentVersion => Version(Source, Files());

    private static string Source => Path.Combine(AppContext.BaseDirectory, "bridge");

    private static List<string> Files() =>
        [
            .. Directory
                .EnumerateFiles(Source, "*.py", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Source, file))
                .Order(StringComparer.Ordinal),
        ];

    private static string Version(string source, List<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{file}\0"));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(Path.Combine(source, file))));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    private static void CopyWhole(string source, List<string> files, string target)
    {
        var draft = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetRandomFileName()}");
        Folder.Readable(draft);
        foreach (var file in files)
        {
            var copy = Path.Combine(draft, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(source, file), copy);
            File.SetUnixFileMode(
                copy,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead
            );
        }

        foreach (var folder in Directory.EnumerateDirectories(draft, "*", SearchOption.AllDirectories))
        {
            Folder.Readable(folder);
        }

        try
        {
            Directory.Move(draft, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            Directory.Delete(draft, recursive: true); // another starter was quicker with the same files
        }
    }
}
