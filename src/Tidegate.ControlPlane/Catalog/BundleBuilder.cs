using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.ControlPlane.Catalog.Python;
using Tidegate.ControlPlane.Catalog.Trees;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Catalog;

/// <summary>Makes a release of a core and addons.</summary>
/// <param name="python">Compiles what is built; null to leave that to the processes that run it.</param>
/// <param name="witness">Tells where the folders came from and what Python has; null leaves that unknown.</param>
public sealed class BundleBuilder(
    BundleStore store,
    TimeProvider clock,
    IPythonCompiler? python = null,
    IBuildWitness? witness = null
)
{
    private const int Workers = 2;

    private readonly BundlePaths paths = store.Paths;

    /// <summary>
    /// Reads everything, refuses what cannot be, and puts bundle and name into the store. Whatever happens, the store
    /// holds the whole release or nothing of it; several builds may run at once. Reads files for seconds: not for a
    /// thread that others wait on.
    /// </summary>
    /// <param name="progress">Gets one line at the start of each part of the work.</param>
    public BuildResult Build(BuildRequest request, Action<string> progress, CancellationToken cancellationToken)
    {
        try
        {
            if ((request.Notes.Refusal() ?? request.Risk.Refusal()) is { } wrong)
            {
                return new BuildResult.Refused([new(RefusalKind.Usage, wrong)]);
            }

            Share();
            progress("reading the folders");
            var source = ReleaseSource.Read(request, cancellationToken);
            return source.Refusals is { IsEmpty: false } refusals
                ? new BuildResult.Refused(refusals)
                : Build(request, source, progress, cancellationToken);
        }
        catch (AggregateException several) when (several.InnerExceptions.All(IsMachine))
        {
            // From the parallel parts; what one file met is told, the others met the same.
            return Refused(several.InnerExceptions[0]);
        }
        catch (Exception machine) when (IsMachine(machine))
        {
            // Disk full, a right missing, a file that went away: the operator's to clear, and nothing is left of it.
            return Refused(machine);
        }
    }

    private BuildResult Build(
        BuildRequest request,
        ReleaseSource source,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        var entries = source.Entries;
        var files = entries.OfType<TreeEntry.File>().ToImmutableArray();
        progress($"hashing {files.Length} files");
        var hashes = Hash(files, cancellationToken);
        var digest = TreeDigest.Of(entries, hashes);
        if (NameRefusal(request, digest) is { } taken)
        {
            return new BuildResult.Refused([taken]);
        }

        var known = store.Find(digest);
        BundleManifest Manifest(string tree) =>
            new(
                BundleManifest.CurrentSchema,
                digest,
                source.Core!,
                files.Length,
                files.Sum(file => file.Identity.Size),
                WithContents(source.Modules, entries, hashes, tree, cancellationToken),
                entries
                    .OfType<TreeEntry.Link>()
                    .Where(link => link.IsExternal)
                    .ToImmutableSortedDictionary(link => link.Path, link => link.Target, StringComparer.Ordinal)
            );

        if (known is null)
        {
            progress($"storing {digest}");
            using var staging = Staging.Begin(paths, clock);
            staging.Fill(entries, hashes, cancellationToken);
            if (python is not null)
            {
                progress("compiling Python");
                new CompiledPython(paths, staging, python).Add(entries, hashes, cancellationToken);
            }

            Write(staging.Manifest, Manifest(staging.Tree));
            staging.Publish(paths.Bundle(digest));
        }
        else if (!known.IsCurrent)
        {
            Write(paths.Manifest(digest), Manifest(paths.Tree(digest)));
        }

        return Register(request, digest, known is not null, cancellationToken);
    }

    private static void Write(string file, BundleManifest manifest) =>
        AtomicFile.Replace(file, JsonSerializer.SerializeToUtf8Bytes(manifest, CatalogJson.Options));

    /// <summary>What somebody else could write to would be in every release that is built of it.</summary>
    private void Share()
    {
        if (paths.Shared == paths.Store)
        {
            return;
        }

        if (!Directory.Exists(paths.Shared))
        {
            Directory.CreateDirectory(paths.Shared);
            File.SetUnixFileMode(paths.Shared, BundlePaths.FolderMode);
        }

        if (!Posix.IsOursAlone(paths.Shared))
        {
            throw new UnauthorizedAccessException(
                $"{paths.Shared} is another user's, or others may write to it: name a folder to share that only you can write to."
            );
        }
    }

    private ConcurrentDictionary<string, ContentHash> Hash(
        ImmutableArray<TreeEntry.File> files,
        CancellationToken cancellationToken
    )
    {
        var index = HashIndex.Load(paths.Hashes, clock);
        var hashes = new ConcurrentDictionary<string, ContentHash>(Workers, files.Length, StringComparer.Ordinal);
        Parallel.ForEach(
            files,
            new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = cancellationToken },
            file => hashes[file.Path] = index.Of(file)
        );
        index.Save(paths.Hashes);
        return hashes;
    }

    private ImmutableArray<ReleaseModule> WithContents(
        ImmutableArray<ReleaseModule> modules,
        ImmutableArray<TreeEntry> entries,
        IReadOnlyDictionary<string, ContentHash> hashes,
        string tree,
        CancellationToken cancellationToken
    )
    {
        var checksums = new ChecksumIndex(paths);
        var contents = ModuleContents.Of(modules, entries, hashes);
        var scripts = MigrationScriptsOf(modules, entries);
        var found = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        Parallel.ForEach(
            modules,
            new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = cancellationToken },
            module => found[module.Name] = checksums.Of(contents[module.Path], Path.Join(tree, module.Path))
        );
        checksums.Save();
        return
        [
            .. modules.Select(module =>
                module with
                {
                    Checksum = found[module.Name],
                    Migrations = [.. scripts[module.Path]],
                }
            ),
        ];
    }

    /// <summary>By the module's path; below its folder, in the order of the entries.</summary>
    private static ILookup<string, string> MigrationScriptsOf(
        ImmutableArray<ReleaseModule> modules,
        ImmutableArray<TreeEntry> entries
    )
    {
        var owners = modules.ToDictionary(module => module.Path, StringComparer.Ordinal);
        return entries
            .OfType<TreeEntry.File>()
            .Select(file => (file.Path, Owner: ModuleContents.Owner(file.Path, owners)?.Path))
            .Where(file => file.Owner is not null)
            .Select(file => (Owner: file.Owner!, Below: file.Path[(file.Owner!.Length + 1)..]))
            .Where(file => MigrationScripts.IsScript(file.Below))
            .ToLookup(file => file.Owner, file => file.Below, StringComparer.Ordinal);
    }

    private Refusal? NameRefusal(BuildRequest request, ReleaseDigest digest) =>
        store.FindRelease(request.Name) is not { } other ? null
        : other.Digest != digest
            ? Taken($"release {other.Name} is {other.Digest.Short} and this would be {digest.Short}")
        : !other.Notes.Equals(request.Notes) ? Taken($"release {other.Name} is registered with other notes")
        : other.Risk != request.Risk ? Taken($"release {other.Name} is registered with another risk")
        : null;

    private BuildResult Register(
        BuildRequest request,
        ReleaseDigest digest,
        bool wasThere,
        CancellationToken cancellationToken
    )
    {
        if (store.FindRelease(request.Name) is null)
        {
            AtomicFile.TryCreate(
                paths.Release(request.Name),
                JsonSerializer.SerializeToUtf8Bytes(
                    Witnessed(request, store.Find(digest)!, cancellationToken),
                    CatalogJson.Options
                )
            );
        }

        return NameRefusal(request, digest) is { } taken
            ? new BuildResult.Refused([taken])
            : new BuildResult.Built(store.FindRelease(request.Name)!, wasThere);
    }

    private Registration Witnessed(BuildRequest request, BundleManifest bundle, CancellationToken cancellationToken)
    {
        var registration = new Registration(request.Name, bundle.Digest, request.Notes)
        {
            Schema = ReleaseManifest.CurrentSchema,
            Risk = request.Risk,
        };
        if (witness is null)
        {
            return registration;
        }

        var needs = bundle
            .Modules.SelectMany(module => module.Python ?? [])
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToList();
        return registration with
        {
            Source =
            [
                witness.Source("core", request.Core, cancellationToken),
                .. request.Addons.Select(folder => witness.Source("addons", folder, cancellationToken)),
            ],
            Python = witness.Python(needs, cancellationToken),
        };
    }

    private static Refusal Taken(string what) =>
        new(RefusalKind.Conflict, $"{what}: a release never changes, choose another name.");

    private static bool IsMachine(Exception exception) => exception is IOException or UnauthorizedAccessException;

    private static BuildResult.Refused Refused(Exception machine) => new([new(RefusalKind.Machine, machine.Message)]);
}
