using Tidegate.ControlPlane.Following;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Following;

/// <summary>The contract of sources, on repositories of git in folders of this machine.</summary>
public sealed class GitFleetSourceTests : FleetSourceContract, IDisposable
{
    private readonly GitHome home = new();

    public void Dispose() => home.Dispose();

    protected override IFleetSource Source => home.Source;

    protected override IScriptedRepository EmptyRepository() => home.Repository();
}
