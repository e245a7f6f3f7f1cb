using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Tidegate.Contracts;
using Tidegate.ControlPlane.Ledger;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Ledger;

/// <summary>Checkpoints as lines of a file of the home, on disk before it goes on. A half line that a crash left is ended by the next.</summary>
internal sealed class CheckpointFile(SiteLayout layout) : ICheckpointWitness
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Longer than any line.
    private const int Tail = 4096;

    /// <inheritdoc />
    public string Where => layout.LedgerCheckpoints;

    /// <summary>As it is kept everywhere.</summary>
    public static string Line(LedgerCheckpoint checkpoint) =>
        JsonSerializer.Serialize(LedgerEndpoints.View(checkpoint), ApiJson.Options);

    /// <inheritdoc />
    public Task KeepAsync(LedgerCheckpoint checkpoint, CancellationToken cancellationToken) =>
        Refusable.AsIoAsync(
            token => AppendAsync(Line(checkpoint), token),
            Patience,
            TimeProvider.System,
            cancellationToken
        );

    /// <inheritdoc />
    public async IAsyncEnumerable<KeptCheckpoint> KeptAsync(
        long beyond,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (!File.Exists(Where))
        {
            yield break;
        }

        await using var file = new FileStream(Where, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = beyond == 0 ? 0 : await BehindAsync(file, beyond, cancellationToken);
        using var reader = new StreamReader(file);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            foreach (var kept in LedgerReading.Checkpoints([line]).Where(kept => kept.Size > beyond))
            {
                yield return new(kept.Size, kept.Root);
            }
        }
    }

    /// <summary>Where a line begins that is of no more: looked for from the end, twice as far back each time.</summary>
    private static async Task<long> BehindAsync(FileStream file, long beyond, CancellationToken cancellationToken)
    {
        for (long back = Tail; back < file.Length; back *= 2)
        {
            var part = new byte[Tail];
            file.Position = file.Length - back;
            await file.ReadExactlyAsync(part, cancellationToken);
            var begin = Array.IndexOf(part, (byte)'\n') + 1;
            var end = Array.IndexOf(part, (byte)'\n', begin);
            if (
                begin > 0
                && end > 0
                && LedgerReading.Checkpoints([Encoding.UTF8.GetString(part, begin, end - begin)]) is [var kept]
                && kept.Size <= beyond
            )
            {
                return file.Length - back + begin;
            }
        }

        return 0;
    }

    private async Task AppendAsync(string line, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Where)!);
        await using var file = new FileStream(Where, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        var end = await EndAsync(file, cancellationToken);
        if (end.EndsWith($"{line}\n", StringComparison.Ordinal))
        {
            return;
        }

        var begin = end.Length > 0 && !end.EndsWith('\n') ? "\n" : "";
        file.Position = file.Length;
        await file.WriteAsync(Encoding.UTF8.GetBytes($"{begin}{line}\n"), cancellationToken);
        file.Flush(flushToDisk: true);
    }

    private static async Task<string> EndAsync(FileStream file, CancellationToken cancellationToken)
    {
        file.Position = Math.Max(0, file.Length - Tail);
        var end = new byte[file.Length - file.Position];
        await file.ReadExactlyAsync(end, cancellationToken);
        return Encoding.UTF8.GetString(end);
    }
}
