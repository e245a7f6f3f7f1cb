using System.Globalization;
using Tidegate.Demo.Screens;
using Tidegate.Demo.Shops;
using Tidegate.Drivers.Sites;

namespace Tidegate.Demo.Story;

/// <summary>The folder that the demo's site lives in: a given one that stays, or a fresh one that goes; what proves the story stays in any case.</summary>
internal sealed class DemoHome : IAsyncDisposable
{
    private readonly bool _isOurs;
    private bool _stays;

    private DemoHome(string path, string evidence, bool isOurs)
    {
        Path = path;
        Evidence = evidence;
        _isOurs = isOurs;
    }

    /// <summary>Absolute path. Short: sockets below it must fit into 108 bytes.</summary>
    public string Path { get; }

    /// <summary>Where the evidence of the rollouts is when the demo has ended.</summary>
    public string Evidence { get; }

    /// <summary>True: the site is to run on, so its home stays.</summary>
    public bool SiteStays { get; set; }

    /// <exception cref="StoryException">The given folder holds something already.</exception>
    public static DemoHome Make(DirectoryInfo? given, Repository repository, TimeProvider clock)
    {
        if (given is null)
        {
            var run = clock.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
            var evidence = System.IO.Path.Combine(repository.Root, "artifacts", "demo", run);
            return new(Directory.CreateTempSubdirectory("tidegate-demo-").FullName, evidence, isOurs: true);
        }

        if (given.Exists && given.EnumerateFileSystemInfos().Any())
        {
            throw new StoryException($"{given.FullName} is not empty; name a new folder as --home.");
        }

        var home = Directory.CreateDirectory(given.FullName).FullName;
        return new(home, new SiteLayout(home).Evidence, isOurs: false);
    }

    /// <summary>Something went wrong: the logs of every part are worth more than the space.</summary>
    public void KeepForAutopsy(IScreen screen)
    {
        _stays = true;
        screen.Say($"The site's logs and evidence stay in {Path}.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isOurs)
        {
            return;
        }

        CopyEvidence(new DirectoryInfo(new SiteLayout(Path).Evidence), Evidence);
        if (!_stays && !SiteStays)
        {
            // Some hundred thousand small files: rm takes half the time of Directory.Delete.
            await Tool.RunAsync("rm", ["-rf", Path], CancellationToken.None); // also when interrupted
        }
    }

    private static void CopyEvidence(DirectoryInfo from, string to)
    {
        if (!from.Exists)
        {
            return;
        }

        foreach (var file in from.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            var copy = System.IO.Path.Combine(to, System.IO.Path.GetRelativePath(from.FullName, file.FullName));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            file.CopyTo(copy, overwrite: true);
        }
    }
}
