using Tidegate.Gateway.Holding;

namespace Tidegate.Tests.Gateway;

/// <summary>A held request without a connection: its client is there, or gone, from the beginning.</summary>
internal sealed class HeldInTest(bool isGone = false, bool isPaced = true) : HeldRequest(isPaced)
{
    public override bool ClientIsGone => isGone;
}
