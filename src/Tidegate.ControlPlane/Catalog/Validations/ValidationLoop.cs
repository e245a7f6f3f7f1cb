using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Catalog.Validations;

/// <summary>Does the validations that were asked for, one after the other.</summary>
public sealed class ValidationLoop(ValidationWork work, TimeProvider clock, ILogger<ValidationLoop> logger)
    : TurnLoop("validations", new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)), clock, logger)
{
    public override Task<bool> TurnAsync(CancellationToken stoppingToken) => work.TurnAsync(stoppingToken);
}
