using System.Text;
using System.Text.Json;
using Tidegate.Contracts;
using Tidegate.ControlPlane.Ledger;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Ledger;

/// <summary>Checkpoints as lines of a file of the home, on disk before it goes on. A half line that a crash left is ended by the next.</summary>
internal sealed class CheckpointFile(SiteLayout layout) : ICheckpointWitness
{
    private string? _last;

    /// <inheritdoc />
    public string Where => layout.LedgerCheckpoints;

    /// <inheritdoc />
    public async Task KeepAsync(LedgerCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var line = JsonSerializer.Serialize(LedgerEndpoints.View(checkpoint), ApiJson.Options);
        if (line == _last)
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Where)!);
        await using var file = new FileStream(Where, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        var end = file.Length;
        file.Position = Math.Max(0, end - 1);
        var begin = end > 0 && file.ReadByte() != '\n' ? "\n" : "";
        file.Position = end;
        await file.WriteAsync(Encoding.UTF8.GetBytes($"{begin}{line}\n"), cancellationToken);
        file.Flush(flushToDisk: true);
        _last = line;
    }
}
