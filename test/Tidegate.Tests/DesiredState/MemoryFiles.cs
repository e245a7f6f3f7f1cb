using System.Security.Cryptography;
using System.Text;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Reading;

namespace Tidegate.Tests.DesiredState;

/// <summary>A fleet's files in memory, with content ids as a repository has them.</summary>
internal sealed class MemoryFiles : IFleetFiles
{
    private readonly SortedDictionary<string, (FleetFile File, byte[] Content)> files = new(StringComparer.Ordinal);

    /// <summary>How many files were read.</summary>
    public int Reads { get; private set; }

    public IEnumerable<string> Paths => files.Keys;

    /// <summary>The fleet that <c>tidegate fleet init</c> writes.</summary>
    public static MemoryFiles Example()
    {
        var example = new MemoryFiles();
        foreach (var (path, text) in ExampleFleet.Files)
        {
            example.Put(path, text);
        }

        return example;
    }

    public MemoryFiles Put(string path, string text) => Put(path, Encoding.UTF8.GetBytes(text));

    public MemoryFiles Put(string path, byte[] content)
    {
        var id = Convert.ToHexStringLower(SHA256.HashData(content));
        files[path] = (new FleetFile(path, id, content.Length), content);
        return this;
    }

    public MemoryFiles Remove(string path)
    {
        files.Remove(path);
        return this;
    }

    public string Text(string path) => Encoding.UTF8.GetString(files[path].Content);

    public IReadOnlyList<FleetFile> List() => [.. files.Values.Select(each => each.File)];

    public ReadOnlyMemory<byte> Read(FleetFile file)
    {
        lock (files)
        {
            Reads++;
        }

        return files[file.Path].Content;
    }

    public FleetReading Reading(DocumentCache? cache = null) => FleetReader.Read(this, cache, CancellationToken.None);

    /// <summary>The problems, as they are shown.</summary>
    public IReadOnlyList<string> Problems() =>
        Reading() is FleetReading.Broken broken ? [.. broken.Problems.Select(problem => problem.ToString())] : [];

    public DesiredFleet Fleet()
    {
        var reading = Reading();
        Assert.True(reading is FleetReading.Good, string.Join('\n', Problems()));
        return ((FleetReading.Good)reading).Fleet;
    }
}
