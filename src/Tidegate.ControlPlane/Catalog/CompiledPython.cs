using Tidegate.ControlPlane.Catalog.Python;
using Tidegate.ControlPlane.Catalog.Trees;

namespace Tidegate.ControlPlane.Catalog;

/// <summary>
/// Compiled Python beside a tree's sources, so that no process that runs the bundle has to compile: it cannot write
/// there. Found by the source's content, so that a content is compiled once for all bundles. No part of the digest.
/// </summary>
internal sealed class CompiledPython(BundlePaths paths, Staging staging, IPythonCompiler python)
{
    public void Add(
        IEnumerable<TreeEntry> entries,
        IReadOnlyDictionary<string, ContentHash> hashes,
        CancellationToken cancellationToken
    )
    {
        if (python.Tag is not { } tag)
        {
            return;
        }

        var missing = new Dictionary<ContentHash, List<string>>();
        foreach (var file in entries.OfType<TreeEntry.File>().Where(file => PythonFiles.IsImported(file.Path)))
        {
            var target = InTree(PythonFiles.Compiled(file.Path, tag));
            Staging.MakeFolder(Path.GetDirectoryName(target)!);
            var hash = hashes[file.Path];
            if (!ObjectPool.TryTake(paths.Compiled(hash.Hex, tag), target, hash))
            {
                missing.TryAdd(hash, []);
                missing[hash].Add(file.Path);
            }
        }

        python.Compile(staging.Tree, [.. missing.Values.Select(same => same[0])], cancellationToken);
        foreach (var (hash, same) in missing)
        {
            Keep(hash, [.. same.Select(path => InTree(PythonFiles.Compiled(path, tag)))], tag);
        }
    }

    /// <summary>What was compiled once lies beside each source of that content; what is no valid Python was not.</summary>
    private void Keep(ContentHash hash, IReadOnlyList<string> targets, string tag)
    {
        if (!File.Exists(targets[0]))
        {
            return;
        }

        staging.Pool.Offer(targets[0], paths.Compiled(hash.Hex, tag), hash, BundlePaths.FileMode);
        foreach (var other in targets.Skip(1))
        {
            Posix.Link(targets[0], other);
        }
    }

    private string InTree(string path) => Path.Join(staging.Tree, path);
}
