using System.Collections.Concurrent;
using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.ControlPlane.Catalog.Trees;

namespace Tidegate.ControlPlane.Catalog.Facts;

/// <summary>Reads a release's facts from its folders. What has not changed since it was read last is taken from the cache.</summary>
/// <param name="cache">A folder for facts and content hashes; several readers may share it.</param>
public sealed class ReleaseFactsReader(IModuleInspector inspector, string cache, TimeProvider clock)
{
    private const int Workers = 2;

    // Two releases of one core are read one after the other.
    private readonly ConcurrentDictionary<string, ModuleFacts> read = new(StringComparer.Ordinal);

    /// <param name="place">Where the release lies.</param>
    /// <param name="progress">Gets one line at the start of each part of the work.</param>
    /// <returns>Facts also of a release that a build would refuse; null, with refusals, when there is no Odoo to judge.</returns>
    /// <exception cref="IOException">The machine could not do it; the message says what.</exception>
    public async Task<ReadFacts> ReadAsync(
        ReleasePlace place,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        progress("reading the folders");
        var source = ReleaseSource.Read(
            new("validation", place.Core, place.Addons, ReleaseNotes.None),
            cancellationToken
        );
        if (source.Core is not { } core)
        {
            return new(null, source.Refusals);
        }

        var entries = source.Entries;
        var files = entries.OfType<TreeEntry.File>().ToImmutableArray();
        progress($"hashing {files.Length} files");
        var hashes = Hash(files, cancellationToken);
        var modules = ModulesOf(source, entries, hashes);
        var facts = await FactsAsync(modules, progress, cancellationToken);
        var views = modules.ToImmutableSortedDictionary(
            module => module.Source.Module.Name,
            module => module.View(facts[module.Content]),
            StringComparer.Ordinal
        );
        progress("asking the release's Python for what modules need");
        var missing = await inspector.FindMissingAsync(PythonNeeds.Of(views.Values), cancellationToken);
        return new(
            new(core, views, source.Refusals, place.IsBundle, missing)
            {
                CoreFiles = ModuleFiles.OfNone(source.Modules, entries, hashes),
            },
            source.Refusals
        );
    }

    private ConcurrentDictionary<string, ContentHash> Hash(
        ImmutableArray<TreeEntry.File> files,
        CancellationToken cancellationToken
    )
    {
        var path = Path.Join(cache, "hashes");
        var index = HashIndex.Load(path, clock);
        var hashes = new ConcurrentDictionary<string, ContentHash>(Workers, files.Length, StringComparer.Ordinal);
        Parallel.ForEach(files, Parallelism(cancellationToken), file => hashes[file.Path] = index.Of(file));
        index.Save(path);
        return hashes;
    }

    private async Task<IReadOnlyDictionary<string, ModuleFacts>> FactsAsync(
        ImmutableArray<ModuleContent> modules,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        var known = new FactsCache(Path.Join(cache, "facts"), inspector.Identity, clock);
        var found = new ConcurrentDictionary<string, ModuleFacts>(StringComparer.Ordinal);
        var unknown = new ConcurrentBag<ModuleContent>();
        Parallel.ForEach(
            modules,
            Parallelism(cancellationToken),
            module =>
            {
                if ((read.GetValueOrDefault(module.Content) ?? known.Find(module.Content)) is { } facts)
                {
                    read[module.Content] = found[module.Content] = facts;
                }
                else
                {
                    unknown.Add(module);
                }
            }
        );
        if (unknown.IsEmpty)
        {
            return found;
        }

        progress($"inspecting {unknown.Count} of {modules.Length} modules");
        var asked = unknown.ToDictionary(module => module.Request);
        await inspector.InspectAsync(
            asked.Keys,
            (request, json) =>
            {
                var facts = FactsCache.Read(json) ?? ModuleFacts.Unread(request.Module, "its facts make no sense");
                found[asked[request].Content] = facts;
                // A machine short of memory or time must not be remembered as a module's fault.
                if (!facts.Problems.Any(problem => problem.Code == "inspection-failed"))
                {
                    known.Add(asked[request].Content, json);
                }
            },
            cancellationToken
        );
        known.RemoveOld();
        return found;
    }

    private static ImmutableArray<ModuleContent> ModulesOf(
        ReleaseSource source,
        ImmutableArray<TreeEntry> entries,
        IReadOnlyDictionary<string, ContentHash> hashes
    )
    {
        var contents = ModuleContents.Of(source.Modules, entries, hashes);
        var files = ModuleFiles.ByModule(source.Modules, entries, hashes);
        return
        [
            .. source.Sources.Select(module => new ModuleContent(
                module,
                contents[module.Module.Path],
                files[module.Module.Path]
            )),
        ];
    }

    private static ParallelOptions Parallelism(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = Workers, CancellationToken = cancellationToken };
}

/// <summary>What reading came to.</summary>
/// <param name="Release">Null when there is no Odoo to judge; then <paramref name="Refusals"/> say why.</param>
public sealed record ReadFacts(ReleaseFacts? Release, ImmutableArray<Refusal> Refusals);

/// <summary>A module of which all but its facts is known.</summary>
/// <param name="Content">The number of its content.</param>
internal sealed record ModuleContent(ModuleSource Source, string Content, ImmutableArray<ModuleFile> Files)
{
    private readonly ManifestView manifest = new(Source.Entries);

    private string Folder => Path.GetDirectoryName(Source.Manifest)!;

    public InspectionRequest Request { get; } =
        new(
            Source.Module.Name,
            Path.GetDirectoryName(Source.Manifest)!,
            [.. new ManifestView(Source.Entries).DataFiles.Select(file => file.Value)]
        );

    public ModuleView View(ModuleFacts facts) => new(Source.Module, Folder, Source.IsAddon, manifest, facts, Files);
}
