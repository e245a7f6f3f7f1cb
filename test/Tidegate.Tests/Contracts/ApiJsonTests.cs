using System.Text.Json;
using Tidegate.Contracts;
using Tidegate.Contracts.Rollouts;

namespace Tidegate.Tests.Contracts;

public sealed class ApiJsonTests
{
    [Fact]
    public void A_tenant_that_has_only_begun_is_read_as_it_was_written()
    {
        var begun = new UpgradeView(
            "u-1",
            "shop-oslo",
            "shared",
            Wave: 1,
            "forward",
            Step: null,
            StepStartedAt: null,
            Ending: null,
            Reason: null,
            Evidence: null,
            HoldSeconds: null,
            "2026.11.1",
            Steps: []
        );

        var written = JsonSerializer.Serialize(begun, ApiJson.Options);
        var read = JsonSerializer.Deserialize<UpgradeView>(written, ApiJson.Options)!;

        Assert.Equal(begun, read with { Steps = begun.Steps });
    }
}
