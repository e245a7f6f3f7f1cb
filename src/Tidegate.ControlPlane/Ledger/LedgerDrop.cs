using System.Globalization;
using System.Text;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>
/// What a retention run announced before it did it: the contents of the entries before a checkpoint go. Their hashes stay.
/// It is an entry of the ledger too; the signature is what tells it from what somebody wrote who rules the database.
/// </summary>
/// <param name="Before">How many entries the checkpoint is of: the place of the first that is kept.</param>
/// <param name="First">The place of the first whose content this run removed.</param>
/// <param name="Root">The checkpoint's, in lower-case hexadecimal.</param>
/// <param name="Export">Where what goes was written out before.</param>
/// <param name="Sha256">Of that file, in lower-case hexadecimal.</param>
/// <param name="Actor">Who ordered it.</param>
/// <param name="At">To the second.</param>
/// <param name="Key">Of the key that signed it.</param>
/// <param name="Signature">As that of a checkpoint, of <see cref="Signed"/>.</param>
public sealed record LedgerDrop(
    long Before,
    long First,
    string Root,
    string Export,
    string Sha256,
    string Actor,
    DateTimeOffset At,
    string Key,
    string Signature
)
{
    /// <summary>What is signed: lines, each with its end. It begins as no checkpoint does.</summary>
    public byte[] Signed() =>
        Encoding.UTF8.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"tidegate ledger retention 1\n{Before}\n{First}\n{Root}\n{Sha256}\n{At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}\n{Actor}\n{Export}\n"
            )
        );

    /// <summary>Signed, from now on.</summary>
    public LedgerDrop SignedBy(LedgerKey key)
    {
        var drop = this with { At = DateTimeOffset.FromUnixTimeSeconds(At.ToUnixTimeSeconds()), Key = key.Id };
        return drop with { Signature = key.Sign(drop.Signed()) };
    }
}
