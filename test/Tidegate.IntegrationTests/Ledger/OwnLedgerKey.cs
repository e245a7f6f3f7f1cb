using Tidegate.ControlPlane.Ledger;

namespace Tidegate.IntegrationTests.Ledger;

/// <summary>A key of one test alone.</summary>
internal sealed class OwnLedgerKey : ILedgerKeys, IDisposable
{
    public LedgerKey Signing { get; } = LedgerKey.Create();

    public void Dispose() => Signing.Dispose();
}
