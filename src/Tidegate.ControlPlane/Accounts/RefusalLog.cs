using System.Globalization;
using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>Enters what was refused into the ledger, without letting a flood of it fill the ledger.</summary>
public sealed class RefusalLog(AccessEntryStore entries, TimeProvider clock, ILogger<RefusalLog> logger)
    : TurnLoop("refusals that were not entered", new(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20)), clock, logger)
{
    private readonly RefusalBudget _budget = new(each: 10, all: 60);

    /// <param name="what">Without any secret that was shown.</param>
    public Task EnterAsync(Identity who, string what, CancellationToken cancellationToken) =>
        EnterAsync(who, who.ToString(), what, cancellationToken);

    /// <param name="counted">What it is counted with: attempts on one name leave room for those on another.</param>
    /// <inheritdoc cref="EnterAsync(Identity, string, CancellationToken)" />
    public async Task EnterAsync(Identity who, string counted, string what, CancellationToken cancellationToken)
    {
        if (_budget.Take(counted, Clock.GetUtcNow()))
        {
            await entries.WriteAsync(who.ToString(), $"refused: {what}", cancellationToken);
        }
    }

    /// <inheritdoc />
    public override async Task<bool> TurnAsync(CancellationToken stoppingToken)
    {
        if (_budget.Left(Clock.GetUtcNow()) is > 0 and var left)
        {
            await entries.WriteAsync(
                "tidegate",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{left} more attempts were refused in a short time and are not entered one by one"
                ),
                stoppingToken
            );
        }

        return false;
    }
}
