using Tidegate.ControlPlane.Ledger;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Ledger;

/// <summary>The home's own key, made when it is first asked for. Who loses it gets another; what was signed before is checked with the old public key.</summary>
internal sealed class LedgerKeyFile : ILedgerKeys, IDisposable
{
    private readonly Lazy<LedgerKey> _key;

    public LedgerKeyFile(SiteLayout layout)
    {
        _key = new(() => Open(layout));
    }

    /// <inheritdoc />
    public LedgerKey Signing => _key.Value;

    public void Dispose()
    {
        if (_key.IsValueCreated)
        {
            _key.Value.Dispose();
        }
    }

    private static LedgerKey Open(SiteLayout layout)
    {
        Directory.CreateDirectory(layout.Secrets);
        if (AtomicFile.Read(layout.LedgerKey) is null)
        {
            using var made = LedgerKey.Create();
            AtomicFile.TryCreate(layout.LedgerKey, made.PrivatePem()); // of two servers the first one's stays
        }

        var key = LedgerKey.Read(AtomicFile.Read(layout.LedgerKey)!);
        Directory.CreateDirectory(Path.GetDirectoryName(layout.LedgerPublicKey)!);
        AtomicFile.Write(layout.LedgerPublicKey, key.PublicPem);
        return key;
    }
}
