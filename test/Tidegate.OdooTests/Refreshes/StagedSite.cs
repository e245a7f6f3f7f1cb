using Tidegate.OdooTests.Cutover;

namespace Tidegate.OdooTests.Refreshes;

/// <summary>A whole site with a real shop that sells, and beside it another environment with a shop to try things on.</summary>
public sealed class StagedSite : WholeSite
{
    public const string Test = "shop-test";

    public const string TestHost = "shop-test.localhost";

    public const string Staging = "staging";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await JoinAsync(
            new("trial", "local", Staging, "shared", Workers: 1),
            Shop(Test, TestHost, "Europe/Oslo") with
            {
                Pool = "trial",
            }
        );
    }
}

/// <summary>Makes the tests that take <see cref="StagedSite"/> share one. Not beside others: nobody takes a tenant away from a shared site again.</summary>
[CollectionDefinition(nameof(StagedSite), DisableParallelization = true)]
public sealed class StagedSiteTests : ICollectionFixture<StagedSite>;
