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
public sealed class BundleBuilder(BundleStore store, TimeProvider clock, IPythonCompiler? python = null)
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

        var wasThere = store.Find(digest) is not null;
        if (!wasThere)
        {
            progress($"storing {digest}");
            using var staging = Staging.Begin(paths, clock);
            staging.Fill(entries, hashes, cancellationToken);
            if (python is not null)
            {
                progress("compiling Python");
                new CompiledPython(paths, staging, python).Add(entries, hashes, cancellationToken);
            }

            var manifest = new BundleManifest(
                BundleManifest.CurrentSchema,
                digest,
                source.Core!,
                files.Length,
                files.Sum(file => file.Identity.Size),
                WithChecksums(source.Modules, entries, hashes, staging.Tree, cancellationToken),
                entries
                    .OfType<TreeEntry.Link>()
                    .Where(link => link.IsExternal)
                    .ToImmutableSortedDictionary(link => link.Path, link => link.Target, StringComparer.Ordinal)
            );
            AtomicFile.Replace(staging.Manifest, JsonSerializer.SerializeToUtf8Bytes(manifest, CatalogJson.Options));
            staging.Publish(paths.Bundle(digest));
        }

        return Register(request, digest, wasThere);
    }

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

    private ImmutableArray<ReleaseModule> WithChecksums(
        ImmutableArray<ReleaseModule> modules,
        ImmutableArray<TreeEntry> entries,
        IReadOnlyDictionary<string, ContentHash> hashes,
        string tree,
        CancellationToken cancellationToken
    )
    {
        var checksums = new ChecksumIndex(paths);
        var contents = ModuleContents.Of(modules, entries, hashes);
        var found = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        Parallel.ForEach(
            modules,
            new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = cancellationToken },
            module => found[module.Name] = checksums.Of(contents[module.Path], Path.Join(tree, module.Path))
        );
        checksums.Save();
        return [.. modules.Select(module => module with { Checksum = found[module.Name] })];
    }

    private Refusal? NameRefusal(BuildRequest request, ReleaseDigest digest) =>
        store.FindRelease(request.Name) is { } other
        && (other.Digest != digest || !SameNotes(other.Notes, request.Notes))
            ? Taken(other, digest)
            : null;

    private BuildResult Register(BuildRequest request, ReleaseDigest digest, bool wasThere)
    {
        var registration = new Registration(request.Name, digest, request.Notes);
        AtomicFile.TryCreate(
            paths.Release(request.Name),
            JsonSerializer.SerializeToUtf8Bytes(registration, CatalogJson.Options)
        );
        return NameRefusal(request, digest) is { } taken
            ? new BuildResult.Refused([taken])
            : new BuildResult.Built(store.FindRelease(request.Name)!, wasThere);
    }

    private static Refusal Taken(ReleaseManifest other, ReleaseDigest digest) =>
        new(
            RefusalKind.Conflict,
            other.Digest == digest
                ? $"release {other.Name} is registered with other notes: a release never changes, choose another name."
                : $"release {other.Name} is {other.Digest.Short} and this would be {digest.Short}: a release never changes, choose another name."
        );

    private static bool SameNotes(ReleaseNotes left, ReleaseNotes right) =>
        left.DeclaredPriceChanges.SequenceEqual(right.DeclaredPriceChanges, StringComparer.Ordinal)
        && string.Equals(left.Summary, right.Summary, StringComparison.Ordinal);

    private static bool IsMachine(Exception exception) => exception is IOException or UnauthorizedAccessException;

    private static BuildResult.Refused Refused(Exception machine) => new([new(RefusalKind.Machine, machine.Message)]);
}
