using Tidegate.ControlPlane.Refreshes;
using Tidegate.ControlPlane.Restores;

namespace Tidegate.IntegrationTests.Cli;

/// <summary>A site whose staging tenants are as a test says, and whose copies are harmless at once.</summary>
internal sealed class ScriptedStaging : ISiteStaging
{
    /// <summary>Whether what is replaced says of itself that it is a copy.</summary>
    public bool IsNeutral { get; set; } = true;

    public Task<StagingLook> LookAsync(StateOrder order, CancellationToken cancellationToken) =>
        Task.FromResult(new StagingLook(IsNeutral, 1 << 20));

    public Task<HarmlessState> MakeAsync(StateOrder order, HarmlessTerms terms, CancellationToken cancellationToken) =>
        Task.FromResult(new HarmlessState(1 << 20, "proven neutral, masked"));
}
