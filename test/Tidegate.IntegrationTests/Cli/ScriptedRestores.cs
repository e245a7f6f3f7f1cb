using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.IntegrationTests.Cli;

/// <summary>A site's states and prices as a test says.</summary>
internal sealed class ScriptedRestores : ISiteRestores
{
    public static readonly DateTimeOffset Point = new(2026, 11, 26, 6, 10, 0, TimeSpan.Zero);

    /// <summary>Whose checkpoint it is, once there is one.</summary>
    public UpgradeId? Kept { get; set; }

    /// <summary>Orders written since.</summary>
    public long Orders { get; set; }

    /// <summary>Payments captured since.</summary>
    public long Payments { get; set; }

    /// <summary>Why no state can be brought, or null.</summary>
    public string? Obstacle { get; set; }

    /// <summary>Why no other point can be reached, or null.</summary>
    public string? Unreachable { get; set; }

    public Task<TenantStates> StatesAsync(TenantName tenant, string database, CancellationToken cancellationToken) =>
        Task.FromResult(
            new TenantStates(
                new(2, []),
                Kept is { } upgrade ? [new(upgrade, $"{database}__old", 1, 1 << 20, Point, "7", null)] : []
            )
        );

    public Task<WayBackPrice> PriceAsync(string database, WrittenSince since, CancellationToken cancellationToken) =>
        Task.FromResult(
            new WayBackPrice(
                since.Point,
                Point,
                IsExact: false,
                [
                    new(
                        "orders",
                        "orders",
                        false,
                        Orders,
                        0,
                        null,
                        Orders > 0 ? [new(12.5m, "EUR")] : [],
                        Orders > 0 ? Point.AddHours(1) : null,
                        CountedBy.Transaction
                    ),
                ],
                [new("payments captured", Payments, null, Payments > 0 ? ["S00042-1"] : [], IsIrrevocable: true)]
            )
        );

    public Task<PreparedState> PrepareAsync(
        StateOrder order,
        Func<JobProgress, CancellationToken, Task> report,
        CancellationToken cancellationToken
    ) =>
        Obstacle is { } obstacle
            ? throw new JobFailedException(obstacle)
            : Task.FromResult(
                new PreparedState(
                    new($"{order.Database}__old", 1, Kept, null),
                    new(Point, "7"),
                    null,
                    new(Kept!.Value, IsBack: false),
                    3,
                    0,
                    "the checkpoint is whole: 3 files verified by their sha1"
                )
            );

    public Task<JudgedPoint> JudgeAsync(JudgePoint question, CancellationToken cancellationToken) =>
        Task.FromResult(
            Unreachable is { } why
                ? JudgedPoint.Refused(why)
                : new JudgedPoint(null, Point, $"its state of {Point:u}", null)
        );

    public Task<string> KeepAsync(
        StateOrder order,
        PreparedState state,
        ReleaseDigest release,
        CancellationToken cancellationToken
    ) => Task.FromResult(order.AsIs ? "as it was" : "neutralised");

    public Task CleanUpAsync(StateOrder order, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DropAsync(StateOrder order, CancellationToken cancellationToken) => Task.CompletedTask;
}
