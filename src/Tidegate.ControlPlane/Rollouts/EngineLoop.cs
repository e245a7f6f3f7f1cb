using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>Lets the engine take turns.</summary>
public sealed class EngineLoop(
    RolloutEngine engine,
    EngineOptions options,
    TimeProvider clock,
    ILogger<EngineLoop> logger
) : TurnLoop("rollouts", new(TimeSpan.FromMilliseconds(150), TimeSpan.FromSeconds(1)), clock, logger)
{
    protected override int Workers => options.Workers;

    public override Task<bool> TurnAsync(CancellationToken stoppingToken) => engine.TurnAsync(Found, stoppingToken);
}
