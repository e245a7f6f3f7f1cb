using System.Collections.Concurrent;
using System.Text;
using Tidegate.ControlPlane.Catalog.Trees;

namespace Tidegate.ControlPlane.Catalog.Modules;

/// <summary>Remembers the checksum of a module's content, so that six releases of one core do not read it six times.</summary>
/// <remarks>One line a module: its content's number, a blank, its checksum. Lines that are neither are left out.</remarks>
internal sealed class ChecksumIndex
{
    private const int ContentDigits = 64;
    private const int ChecksumDigits = 40;

    private readonly string file;
    private readonly ConcurrentDictionary<string, string> known;

    public ChecksumIndex(BundlePaths paths)
    {
        file = paths.Checksums;
        var lines = File.Exists(file) ? File.ReadAllLines(file) : [];
        known = new(
            lines
                .Where(line => line.Length == ContentDigits + 1 + ChecksumDigits)
                .Select(line => KeyValuePair.Create(line[..ContentDigits], line[(ContentDigits + 1)..])),
            StringComparer.Ordinal
        );
    }

    /// <param name="content">The module's number (<see cref="ModuleContents"/>).</param>
    /// <param name="folder">Where to read it when it is not known.</param>
    public string Of(string content, string folder) =>
        known.GetOrAdd(content, _ => ModuleChecksum.Of(folder, ChecksumRule.ClickOdoo));

    public void Save() =>
        AtomicFile.Replace(
            file,
            Encoding.ASCII.GetBytes(string.Concat(known.Select(module => $"{module.Key} {module.Value}\n")))
        );
}
