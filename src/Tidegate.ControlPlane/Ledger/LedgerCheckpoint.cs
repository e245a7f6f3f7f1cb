using System.Globalization;
using System.Text;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>What the whole ledger was at an instant, signed: nothing before it can change without showing.</summary>
/// <param name="Size">How many entries.</param>
/// <param name="Root">Of the Merkle tree over them, in lower-case hexadecimal.</param>
/// <param name="At">To the second.</param>
/// <param name="Key">Of the key that signed it: <see cref="LedgerKey.Id"/>.</param>
/// <param name="Signature">ECDSA over P-256 with SHA-256 of <see cref="Signed"/>, IEEE P1363, in base64.</param>
public sealed record LedgerCheckpoint(long Size, string Root, DateTimeOffset At, string Key, string Signature)
{
    /// <summary>What is signed: four lines, the last with its end.</summary>
    public static byte[] Signed(long size, string root, DateTimeOffset at) =>
        Encoding.UTF8.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"tidegate ledger 1\n{size}\n{root}\n{at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}\n"
            )
        );
}
