using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Tidegate.ControlPlane.Catalog.Facts;

/// <summary>Facts of modules by their content, in a folder. A damaged or foreign file is one that is not there.</summary>
/// <remarks>Files are small and many; the ones that nobody asked for in a month are removed by whoever comes next.</remarks>
internal sealed class FactsCache(string folder, string identity, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);
    private static readonly TimeSpan Touched = TimeSpan.FromDays(1);

    public ModuleFacts? Find(string content)
    {
        var file = new FileInfo(PathOf(content));
        if (!file.Exists)
        {
            return null;
        }

        var now = clock.GetUtcNow().UtcDateTime;
        if (now - file.LastWriteTimeUtc > Touched)
        {
            file.LastWriteTimeUtc = now;
        }

        return Read(File.ReadAllBytes(file.FullName));
    }

    /// <summary>Not flushed to disk: what a power cut spoils is read anew.</summary>
    public void Add(string content, byte[] facts)
    {
        Directory.CreateDirectory(folder);
        var path = PathOf(content);
        var draft = $"{path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
        File.WriteAllBytes(draft, facts);
        File.Move(draft, path, overwrite: true);
    }

    public void RemoveOld()
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        var oldest = clock.GetUtcNow().UtcDateTime - Kept;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*.json*"))
        {
            if (file.LastWriteTimeUtc < oldest)
            {
                file.Delete();
            }
        }
    }

    /// <summary>Null for what is no facts of ours.</summary>
    public static ModuleFacts? Read(byte[] json)
    {
        try
        {
            return
                JsonSerializer.Deserialize(json, FactsJson.Default.ModuleFacts) is { } facts
                && facts.Schema == ModuleFacts.CurrentSchema
                ? facts
                : null;
        }
        catch (JsonException)
        {
            // A file of another version, or half of one: as good as none.
            return null;
        }
    }

    private string PathOf(string content) =>
        Path.Join(
            folder,
            $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{identity}/{content}")))}.json"
        );
}
