using Tidegate.Contracts.Fleet;

namespace Tidegate.OdooTests.Cutover;

/// <summary>A whole site with two real shops in one pool: the same processes serve both.</summary>
public sealed class TwoShops : WholeSite
{
    public const string NeighbourDatabase = "shop-lisbon";

    public const string NeighbourHost = "shop-lisbon.localhost";

    protected override IReadOnlyList<TenantDocument> Shops =>
        [.. base.Shops, Shop(NeighbourDatabase, NeighbourHost, "Europe/Lisbon")];
}

/// <summary>Makes the tests that take <see cref="TwoShops"/> share one. Not beside others: it is a second whole site.</summary>
[CollectionDefinition(nameof(TwoShops), DisableParallelization = true)]
public sealed class TwoShopsTests : ICollectionFixture<TwoShops>;
