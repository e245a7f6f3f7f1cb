using Tidegate.Demo.Recording;
using Tidegate.Demo.Reporting;
using Tidegate.Demo.Story;

namespace Tidegate.Tests.Demo;

public sealed class StoryCheckTests
{
    private static readonly Chapter Good = new("2026.11.2", "addons", GoesOut: true);
    private static readonly Chapter Bad = new("2026.11.3", "addons", GoesOut: false);
    private static readonly HeldFigures Waited = new(25, TimeSpan.FromSeconds(4));
    private static readonly HeldFigures NeverWaited = new(0, TimeSpan.Zero);

    [Fact]
    public void A_good_release_that_reached_everybody_is_as_told() =>
        Assert.Empty(Check(Good, "completed", null, Tenant(after: 2, Waited), Tenant(after: 2, Waited)));

    [Fact]
    public void A_bad_release_that_one_tenant_came_back_from_is_as_told() =>
        Assert.Empty(Check(Bad, "rolled_back", "it raised", Tenant(after: 1, Waited), Tenant(after: 1, NeverWaited)));

    [Fact]
    public void A_good_release_is_not_as_told_when_a_database_was_never_exchanged() =>
        Assert.NotEmpty(Check(Good, "completed", null, Tenant(after: 2, Waited), Tenant(after: 1, NeverWaited)));

    [Fact]
    public void A_bad_release_is_not_as_told_when_it_touched_a_second_tenant() =>
        Assert.NotEmpty(Check(Bad, "rolled_back", "it raised", Tenant(after: 1, Waited), Tenant(after: 1, Waited)));

    [Fact]
    public void A_bad_release_is_not_as_told_without_a_reason() =>
        Assert.NotEmpty(Check(Bad, "rolled_back", null, Tenant(after: 1, Waited), Tenant(after: 1, NeverWaited)));

    [Fact]
    public void A_cutover_that_held_too_few_requests_proves_nothing() =>
        Assert.NotEmpty(Check(Good, "completed", null, Tenant(after: 2, new(3, TimeSpan.FromSeconds(1)))));

    [Fact]
    public void A_failed_request_or_a_lost_order_is_never_as_told()
    {
        TenantEvidence[] tenants = [Tenant(after: 2, Waited)];
        var report = Report(Good, "completed", null, tenants);

        Assert.NotEmpty(StoryCheck.Deviations(Good, report with { RequestsFailed = 1 }, tenants));
        Assert.NotEmpty(StoryCheck.Deviations(Good, report with { OrdersLost = 1 }, tenants));
        Assert.NotEmpty(StoryCheck.Deviations(Good, report with { OrdersDoubled = 1 }, tenants));
        Assert.NotEmpty(StoryCheck.Deviations(Good, report with { RequestsSent = 999 }, tenants));
    }

    private static IEnumerable<string> Check(
        Chapter chapter,
        string outcome,
        string? reason,
        params TenantEvidence[] tenants
    ) => StoryCheck.Deviations(chapter, Report(chapter, outcome, reason, tenants), tenants);

    private static RolloutReport Report(
        Chapter chapter,
        string outcome,
        string? reason,
        IEnumerable<TenantEvidence> tenants
    ) =>
        new(
            chapter.Release,
            outcome,
            reason,
            RequestsSent: 1000,
            RequestsFailed: 0,
            RequestsHeld: 25,
            OrdersSent: 10,
            OrdersLost: 0,
            OrdersDoubled: 0,
            [.. tenants.Select(tenant => tenant.Report(chapter.Release))]
        );

    private static TenantEvidence Tenant(uint after, HeldFigures held) =>
        new("shop-oslo", "shared", "2026.11.1", OidBefore: 1, OidAfter: after, held);
}
