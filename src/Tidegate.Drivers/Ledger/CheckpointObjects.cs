using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Tidegate.ControlPlane.Ledger;
using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers.Objects;

namespace Tidegate.Drivers.Ledger;

/// <summary>Checkpoints as objects, named by their size and root, so that a list tells what is kept.</summary>
/// <param name="lockFor">How long the store is to hold each against everybody; null for not at all.</param>
internal sealed class CheckpointObjects(IRetainingStore objects, string where, TimeSpan? lockFor, TimeProvider clock)
    : ICheckpointWitness
{
    private const string Prefix = "ledger/checkpoints/";
    private const int SizeDigits = 19;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <inheritdoc />
    public string Where => where;

    /// <inheritdoc />
    public Task KeepAsync(LedgerCheckpoint checkpoint, CancellationToken cancellationToken) =>
        Refusable.AsIoAsync(
            async token =>
            {
                var key = KeyOf(checkpoint);
                using var content = new MemoryStream(Encoding.UTF8.GetBytes(CheckpointFile.Line(checkpoint) + "\n"));
                await objects.PutAsync(key, content, token);
                if (lockFor is { } time && !await objects.LockAsync(key, checkpoint.At + time, token))
                {
                    throw new IOException("it locks no objects; leave lockDays out");
                }
            },
            Patience,
            clock,
            cancellationToken
        );

    /// <inheritdoc />
    public async IAsyncEnumerable<KeptCheckpoint> KeptAsync(
        long beyond,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        // Behind every root of that size.
        var after = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{beyond:D19}~");
        await using var listed = objects
            .ListBehindAsync(Prefix, after, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(listed, cancellationToken))
        {
            if (Read(listed.Current.Key.Value.AsSpan(Prefix.Length)) is { } kept)
            {
                yield return kept;
            }
        }
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<StoredObject> listed, CancellationToken cancellationToken)
    {
        var isThere = false;
        await Refusable.AsIoAsync(
            async _ => isThere = await listed.MoveNextAsync(),
            Patience,
            clock,
            cancellationToken
        );
        return isThere;
    }

    private static ObjectKey KeyOf(LedgerCheckpoint checkpoint) =>
        ObjectKey.Create(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Prefix}{checkpoint.Size:D19}-{checkpoint.Root}-{checkpoint.Key}.json"
            )
        );

    private static KeptCheckpoint? Read(ReadOnlySpan<char> name) =>
        name.Length > SizeDigits + 1 + (2 * MerkleTree.HashSize)
        && name[SizeDigits] == '-'
        && long.TryParse(name[..SizeDigits], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? new(size, name.Slice(SizeDigits + 1, 2 * MerkleTree.HashSize).ToString())
            : null;
}
