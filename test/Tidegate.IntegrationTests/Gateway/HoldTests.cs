using System.Net;
using Tidegate.Contracts.Gateway;
using Tidegate.Drivers.Ingress;

namespace Tidegate.IntegrationTests.Gateway;

public sealed class HoldTests
{
    [Fact]
    public async Task Held_requests_are_answered_in_order_by_the_generation_that_is_routed_to_then()
    {
        await using var site = await GatewaySite.StartAsync(options => options with { ConnectionsPerUpstream = 1 });
        await site.HoldAsync();
        var answers = new List<Task<HttpResponseMessage>>();
        for (var number = 0; number < 40; number++)
        {
            answers.Add(site.SendAsync(HttpMethod.Post, $"/order/{number}", new StringContent($"order {number}")));
            await site.UntilAsync(status => status.Held == number + 1);
        }

        await site.Control.RouteAsync(GatewaySite.Oslo, site.To(site.New), TestContext.Current.CancellationToken);
        await site.ReleaseAsync();

        var all = await Task.WhenAll(answers);
        Assert.All(all, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Empty(site.Old.Asked);
        Assert.Equal(
            Enumerable.Range(0, 40).Select(number => $"/order/{number} order {number}"),
            site.New.Asked,
            StringComparer.Ordinal
        );
        await site.UntilAsync(status => status is { State: GateState.Open, InFlight: 0, Held: 0, HeldBytes: 0 });
    }

    [Fact]
    public async Task None_of_two_thousand_held_requests_is_lost_or_doubled()
    {
        await using var site = await GatewaySite.StartAsync();
        await site.HoldAsync(maxBytes: 10_000_000);
        var answers = Enumerable
            .Range(0, 2_000)
            .Select(number =>
                number % 2 == 0
                    ? site.GetAsync($"/page/{number}")
                    : site.SendAsync(HttpMethod.Post, $"/order/{number}", new StringContent($"order {number}"))
            )
            .ToArray();
        await site.UntilAsync(status => status.Held == answers.Length);

        await site.ReleaseAsync();

        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(answers.Length, site.Old.Asked.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(answers.Length, site.Old.Asked.Count);
    }

    [Fact]
    public async Task The_answer_of_a_held_request_says_how_long_it_waited_and_others_say_nothing()
    {
        await using var site = await GatewaySite.StartAsync();
        var passed = await site.GetAsync("/before");
        await site.HoldAsync();
        var waiting = site.GetAsync("/held");
        await site.UntilAsync(status => status.Held == 1);
        await site.ReleaseAsync();

        var waited = double.Parse(
            Assert.Single((await waiting).Headers.GetValues(GatewayHeaders.Held)),
            System.Globalization.CultureInfo.InvariantCulture
        );

        Assert.InRange(waited, 1, 60_000);
        Assert.False(passed.Headers.Contains(GatewayHeaders.Held));
    }

    [Fact]
    public async Task A_request_over_the_number_that_may_wait_is_told_to_come_back()
    {
        await using var site = await GatewaySite.StartAsync();
        await site.HoldAsync(maxRequests: 1);
        var waiting = site.GetAsync("/first");
        await site.UntilAsync(status => status.Held == 1);

        var refused = await site.GetAsync("/second");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        await site.ReleaseAsync();
        Assert.Equal(HttpStatusCode.OK, (await waiting).StatusCode);
    }

    [Fact]
    public async Task A_body_over_the_bytes_that_may_wait_is_told_to_come_back()
    {
        await using var site = await GatewaySite.StartAsync();
        await site.HoldAsync(maxBytes: 100_000);

        var refused = await site.SendAsync(HttpMethod.Post, "/upload", new ByteArrayContent(new byte[200_000]));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await site.UntilAsync(status => status is { Held: 0, HeldBytes: 0 });
    }

    [Fact]
    public async Task A_hold_for_nobody_shows_the_maintenance_page_at_once()
    {
        await using var site = await GatewaySite.StartAsync();
        await site.HoldAsync(maxRequests: 0);

        var page = await site.GetAsync("/");
        var call = await site.SendAsync(
            HttpMethod.Post,
            "/web/dataset/call_kw",
            new StringContent("{}", System.Text.Encoding.UTF8, "application/json")
        );

        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, call.StatusCode);
        var json = System.Text.Json.JsonDocument.Parse(
            await call.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
        Assert.Equal(503, json.RootElement.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task A_drain_sees_what_is_running_and_not_what_is_held()
    {
        await using var site = await GatewaySite.StartAsync();
        var finish = new TaskCompletionSource();
        site.Old.Answer = _ => finish.Task;
        var running = site.GetAsync("/slow");
        await site.UntilAsync(status => status.InFlight == 1);

        await site.HoldAsync();
        var held = site.GetAsync("/later");
        var before = await site.UntilAsync(status => status.Held == 1);
        Assert.False(before.IsDrained);
        finish.SetResult();

        Assert.Equal(HttpStatusCode.OK, (await running).StatusCode);
        await site.UntilAsync(status => status.IsDrained && status.Held == 1);
        await site.ReleaseAsync();
        Assert.Equal(HttpStatusCode.OK, (await held).StatusCode);
    }

    [Fact]
    public async Task A_control_plane_with_an_old_epoch_is_refused()
    {
        await using var site = await GatewaySite.StartAsync();
        await site.Control.RouteAsync(
            GatewaySite.Oslo,
            site.To(site.Old, epoch: 7),
            TestContext.Current.CancellationToken
        );

        var refused = await Assert.ThrowsAsync<GatewayRefusedException>(() => site.HoldAsync());

        Assert.True(refused.IsStale);
        Assert.Equal(GateState.Open, (await site.StatusAsync()).State);
    }

    [Fact]
    public async Task Releasing_again_or_releasing_anothers_hold_changes_nothing()
    {
        await using var site = await GatewaySite.StartAsync();
        await site.HoldAsync();
        await site.ReleaseAsync();
        await site.ReleaseAsync();
        await site.HoldAsync(hold: "u-2");

        var status = await site.ReleaseAsync("u-1");

        Assert.Equal(GateState.Holding, status.State);
        Assert.Equal("u-2", status.Hold);
    }
}
