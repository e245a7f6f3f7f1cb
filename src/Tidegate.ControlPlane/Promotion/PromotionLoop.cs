using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Promotion;

/// <summary>Looks at planned work in turn; what it could not look at is still due.</summary>
public sealed class PromotionLoop(PromotionWork work, TimeProvider clock, ILogger<PromotionLoop> logger)
    : TurnLoop("planned work", new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)), clock, logger)
{
    public override Task<bool> TurnAsync(CancellationToken stoppingToken) => work.TurnAsync(stoppingToken);
}
