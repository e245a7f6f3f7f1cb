using System.Globalization;
using System.Text;
using Tidegate.ControlPlane.Following;
using Tidegate.Drivers.Git;
using Tidegate.Drivers.Sites;

namespace Tidegate.IntegrationTests.Following;

/// <summary>A home that follows repositories, beside the repositories themselves.</summary>
internal sealed class GitHome : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tg-following-");
    private int repositories;

    /// <param name="name">The home's folder: names may be odd.</param>
    public GitHome(string name = "home")
    {
        Layout = new(Path.Join(folder.FullName, name));
        Directory.CreateDirectory(Layout.Secrets);
        Source = new(Layout, TimeProvider.System);
    }

    public SiteLayout Layout { get; }

    public GitFleetSource Source { get; }

    public string Folder => folder.FullName;

    /// <summary>A new repository without a commit.</summary>
    public GitFolder Repository(Func<string, string>? address = null, string format = "sha1")
    {
        var path = Path.Join(
            folder.FullName,
            string.Create(CultureInfo.InvariantCulture, $"fleet-{Interlocked.Increment(ref repositories)}.git")
        );
        return new(path, address?.Invoke(path), format);
    }

    public Task<FetchResult> FetchAsync(GitFolder repository, string? secret = null) =>
        Source.FetchAsync(new(repository.Address, "main", "", secret), TestContext.Current.CancellationToken);

    /// <summary>The only mirror of this home.</summary>
    public string Mirror => Directory.GetDirectories(Layout.Mirrors, "*.git").Single();

    public string WriteSecret(string name, string content)
    {
        var file = Path.Join(Layout.Secrets, name);
        File.WriteAllText(file, content);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    /// <summary>Command lines and environments of all processes that are at work for this home.</summary>
    public IReadOnlyList<(int Pid, string Command, string Environment)> Processes() =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Where(path =>
                    int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out _)
                )
                .Select(path =>
                    (
                        Pid: int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture),
                        Command: Read($"{path}/cmdline"),
                        Environment: Read($"{path}/environ")
                    )
                )
                .Where(process =>
                    process.Pid != Environment.ProcessId
                    && (process.Command + process.Environment).Contains(Layout.Home, StringComparison.Ordinal)
                ),
        ];

    public void Dispose()
    {
        Source.Dispose();
        folder.Delete(recursive: true);
    }

    private static string Read(string path)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(path)).Replace('\0', ' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
