using System.Text.Json;

namespace Tidegate.Drivers.Odoo;

/// <summary>What one tenant's upgrade leaves as proof: one folder of JSON files and logs. A file is there whole or not at all.</summary>
/// <param name="refuseIfStale">Asked before a file takes its place: one who was frozen does not replace its successor's proof. Null where nobody else can write.</param>
public sealed class Evidence(string folder, Func<CancellationToken, Task>? refuseIfStale = null)
{
    /// <summary>The form of every evidence file: readable, with <c>snake_case</c> names.</summary>
    public static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            WriteIndented = true,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };

    public string Folder => folder;

    public string PathOf(string file) => Path.Combine(folder, file);

    public bool Has(string file) => File.Exists(PathOf(file));

    /// <summary>Writes the file in one step, replacing one of an earlier attempt.</summary>
    public Task WriteAsync<T>(string file, T value, CancellationToken cancellationToken) =>
        WriteAsync(
            file,
            stream => JsonSerializer.SerializeAsync(stream, value, Json, cancellationToken),
            cancellationToken
        );

    /// <summary>Keeps a copy of a file of any size, replacing one of an earlier attempt.</summary>
    public Task CopyAsync(string file, string from, CancellationToken cancellationToken) =>
        CopyEndAsync(file, from, long.MaxValue, cancellationToken);

    /// <summary>Keeps a copy of a file's last <paramref name="bytes"/>, replacing one of an earlier attempt.</summary>
    public Task CopyEndAsync(string file, string from, long bytes, CancellationToken cancellationToken) =>
        WriteAsync(
            file,
            async stream =>
            {
                await using var source = File.OpenRead(from);
                source.Position = Math.Max(0, source.Length - bytes);
                await source.CopyToAsync(stream, cancellationToken);
            },
            cancellationToken
        );

    /// <summary>The file's content, or null when it was never written.</summary>
    public async Task<T?> FindAsync<T>(string file, CancellationToken cancellationToken)
        where T : class
    {
        if (!Has(file))
        {
            return null;
        }

        await using var stream = File.OpenRead(PathOf(file));
        return await JsonSerializer.DeserializeAsync<T>(stream, Json, cancellationToken);
    }

    /// <summary>Has the file written, in one step for whoever reads; what an attempt that was killed had written of it goes.</summary>
    public async Task WriteAsync(string file, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        foreach (var unfinished in Directory.CreateDirectory(folder).EnumerateFiles($".{file}.*.new"))
        {
            unfinished.Delete();
        }

        var temporary = Temporary(file);
        try
        {
            await using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                await write(stream);
                stream.Flush(flushToDisk: true);
            }

            await (refuseIfStale?.Invoke(cancellationToken) ?? Task.CompletedTask);
            File.Move(temporary, PathOf(file), overwrite: true);
        }
        finally
        {
            File.Delete(temporary); // there only when it did not get so far
        }
    }

    private string Temporary(string file) => PathOf($".{file}.{Environment.ProcessId}.new");
}
