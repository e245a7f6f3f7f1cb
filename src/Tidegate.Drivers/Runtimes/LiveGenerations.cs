using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Configuration;
using Tidegate.ControlPlane.Drift;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>Reads what generations really run with: their processes as the kernel shows them, their files, the files of their release.</summary>
public sealed class LiveGenerations(SiteLayout layout, ProcessLauncher launcher, GenerationRuntime runtime)
{
    private readonly BundleStore _bundles = new(layout.Bundles);

    /// <summary>Every generation that is to run here.</summary>
    public ImmutableArray<LiveGeneration> ReadAll()
    {
        var files = new Dictionary<ReleaseDigest, Reading<ImmutableArray<string>>>();
        return
        [
            .. GenerationFolder
                .AllWanted(layout)
                .Select(folder => (folder, Wanted: folder.ReadWanted()))
                .Where(generation => generation.Wanted is not null)
                .Select(generation =>
                {
                    if (!files.TryGetValue(generation.folder.Digest, out var changed))
                    {
                        files.Add(generation.folder.Digest, changed = ChangedFiles(generation.folder.Digest));
                    }

                    return Read(generation.folder, generation.Wanted!, changed);
                }),
        ];
    }

    /// <summary>One generation without a look at its release's files; null when it is not to run.</summary>
    internal LiveGeneration? Find(GenerationFolder folder) =>
        folder.ReadWanted() is { } wanted ? Read(folder, wanted, Reading.Seen(ImmutableArray<string>.Empty)) : null;

    private LiveGeneration Read(
        GenerationFolder folder,
        WantedGeneration wanted,
        Reading<ImmutableArray<string>> changed
    )
    {
        var web = launcher.Find(folder.WebProcess);
        return new(
            folder.Pool,
            folder.Digest,
            new(wanted.Workers, wanted.Options),
            [
                .. new[]
                {
                    Process(folder, "web", web),
                    Process(folder, "cron", launcher.Find(folder.CronProcess)),
                }.OfType<LiveProcess>(),
            ],
            Settings(folder),
            // While it is being started, routes still lead to where it was.
            web is null
            || runtime.IsAtWork(folder)
                ? null
                : Ports(web),
            Reading.Seen(Serves(folder)),
            changed
        );
    }

    /// <summary>Null when it does not run.</summary>
    private LiveProcess? Process(GenerationFolder folder, string name, ProcessRecord? running)
    {
        if (running is null || ProcessTable.Arguments(running.Pid) is not [_, var program, .. var rest])
        {
            return null;
        }

        return new(
            name,
            Runs(program),
            [.. WithoutConfiguration(folder, rest).Select(WithoutPort)],
            File.Exists(folder.Configuration)
                && File.GetLastWriteTimeUtc(folder.Configuration) > running.StartedAt.UtcDateTime
        );
    }

    private string Runs(string program)
    {
        var below = Path.GetRelativePath(layout.Bundles, program);
        var digest = $"sha256:{below.Split(Path.DirectorySeparatorChar)[0]}";
        return ReleaseDigest.TryParse(digest, out _) ? digest : program;
    }

    private static ImmutableArray<string> WithoutConfiguration(
        GenerationFolder folder,
        ImmutableArray<string> arguments
    ) => arguments is ["--config", var file, .. var rest] && file == folder.Configuration ? rest : arguments;

    private static string WithoutPort(string argument)
    {
        foreach (var option in (ReadOnlySpan<string>)[OdooCommand.HttpPort, OdooCommand.EventedPort])
        {
            if (argument.StartsWith(option, StringComparison.Ordinal) && Number(argument, option) is not null)
            {
                return option + GenerationComparison.Port;
            }
        }

        return argument;
    }

    private static LivePorts? Ports(ProcessRecord web)
    {
        var arguments = ProcessTable.Arguments(web.Pid);
        var (http, evented) = (Of(OdooCommand.HttpPort), Of(OdooCommand.EventedPort));
        return http is { } one && evented is { } other ? new(one, other) : null;

        int? Of(string option) =>
            arguments.Select(argument => Number(argument, option)).FirstOrDefault(number => number is not null);
    }

    private static int? Number(string argument, string option) =>
        argument.StartsWith(option, StringComparison.Ordinal)
        && int.TryParse(argument.AsSpan(option.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private Reading<ImmutableSortedDictionary<string, string>> Settings(GenerationFolder folder)
    {
        try
        {
            var tree = ReleaseTree.Find(layout, folder.Digest);
            var settings = OdooConfiguration.Parse(AtomicFile.Read(folder.Configuration) ?? "").ToBuilder();
            var nobody = GenerationPlaces.OfNobody;
            Name("addons_path", nobody.AddonsPath, value => IsAddonsPath(tree, value));
            Name("data_dir", nobody.DataFolder, value => value == layout.PoolData(folder.Pool));
            Name("db_host", nobody.PostgresSocket, value => value == layout.PostgresSocket);
            Name("db_user", nobody.Role, value => value == DatabaseNames.Generation(folder.Pool, folder.Digest));
            return Reading.Seen(settings.ToImmutable());

            void Name(string setting, string name, Func<string, bool> isOurs)
            {
                if (settings.TryGetValue(setting, out var value) && isOurs(value))
                {
                    settings[setting] = name;
                }
            }
        }
        catch (Exception unreadable)
            when (unreadable is IOException or UnauthorizedAccessException or ProcessStartException)
        {
            return new Reading<ImmutableSortedDictionary<string, string>>.Unknown(unreadable.Message);
        }
    }

    /// <summary>The release's folders in their order, then a version of the bridge: running generations keep theirs.</summary>
    private bool IsAddonsPath(ReleaseTree tree, string value) =>
        value.Split(',') is [.. var folders, var bridge]
        && folders.SequenceEqual(tree.AddonsPaths, StringComparer.Ordinal)
        && Path.GetDirectoryName(bridge) == layout.Bridge;

    /// <summary>A list that is gone or broken serves nobody.</summary>
    private static LiveList Serves(GenerationFolder folder)
    {
        try
        {
            var list = AtomicFile.Read(folder.TenantLists) is { } text
                ? JsonSerializer.Deserialize<TenantList>(text, JsonSerializerOptions.Web)
                : null;
            return new(Sorted(list?.Web), Sorted(list?.Cron));
        }
        catch (JsonException)
        {
            return new(Sorted([]), Sorted([]));
        }

        static ImmutableSortedSet<string> Sorted(IEnumerable<string>? names) =>
            (names ?? []).ToImmutableSortedSet(StringComparer.Ordinal);
    }

    private Reading<ImmutableArray<string>> ChangedFiles(ReleaseDigest digest)
    {
        try
        {
            return _bundles.Find(digest) is null
                ? new Reading<ImmutableArray<string>>.Unknown($"release {digest.Short} is not in the site's store")
                : Reading.Seen(TreeChanges.Of(_bundles.TreeOf(digest)));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new Reading<ImmutableArray<string>>.Unknown(unreadable.Message);
        }
    }
}
