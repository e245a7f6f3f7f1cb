using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tidegate.Contracts.Gateway;
using Tidegate.Drivers.Ingress;

namespace Tidegate.IntegrationTests.Gateway;

public sealed class ForwardingTests
{
    [Fact]
    public async Task A_host_that_nobody_has_is_told_nothing()
    {
        await using var site = await GatewaySite.StartAsync();

        var answer = await site.GetAsync("/web", host: "elsewhere.example");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.DoesNotContain("oslo", await TextAsync(answer), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("OSLO.example")]
    [InlineData("oslo.example:8069")]
    [InlineData("oslo.example.")]
    public async Task A_host_is_found_in_any_case_with_port_or_final_dot(string host)
    {
        await using var site = await GatewaySite.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/", host)).StatusCode);
    }

    [Fact]
    public async Task The_generation_is_told_database_host_scheme_and_client_and_no_client_can_say_them()
    {
        await using var site = await GatewaySite.StartAsync();
        using var client = await RawClient.ConnectAsync(site.Address);

        await client.SendAsync(
            "GET /web?debug=1 HTTP/1.1\r\nHost: oslo.example:8069\r\nX-Tidegate-Database: other\r\nx_tidegate_database: other\r\n"
                + "X-Tidegate-Extra: 1\r\nX-Forwarded-Host: evil\r\nX_Forwarded_For: 9.9.9.9\r\nX-FORWARDED-PROTO: gopher\r\n"
                + "Forwarded: for=9.9.9.9\r\nX-Odoo-Database: oslo\r\nX-Kept: yes\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\nTE: trailers\r\n\r\n"
        );
        await client.ReadUntilAsync("done");

        var headers = site.Old.Headers;
        Assert.Equal("oslo", headers["X-Tidegate-Database"]);
        Assert.Equal("oslo.example:8069", headers["X-Forwarded-Host"]);
        Assert.Equal("oslo.example:8069", headers["Host"]);
        Assert.Equal("http", headers["X-Forwarded-Proto"]);
        Assert.Equal("127.0.0.1", headers["X-Forwarded-For"]);
        Assert.Equal("yes", headers["X-Kept"]);
        Assert.DoesNotContain(
            headers.Keys,
            name =>
                name.Replace('_', '-').ToLowerInvariant()
                    is "x-odoo-database"
                        or "forwarded"
                        or "x-tidegate-extra"
                        or "keep-alive"
                        or "proxy-connection"
                        or "connection"
        );
        Assert.DoesNotContain(headers.Keys, name => name.Contains('_', StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_scheme_is_what_the_operator_says_where_tls_ends_before_the_gateway()
    {
        await using var site = await GatewaySite.StartAsync(options => options with { ForwardedProto = "https" });

        await site.GetAsync("/");

        Assert.Equal("https", site.Old.Headers["X-Forwarded-Proto"]);
    }

    [Fact]
    public async Task Trailers_of_a_client_do_not_reach_the_generation()
    {
        await using var site = await GatewaySite.StartAsync();
        using var client = await RawClient.ConnectAsync(site.Address);

        await client.SendAsync(
            $"POST /order HTTP/1.1\r\nHost: {GatewaySite.Host}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\nX-Tidegate-Database: other\r\n\r\n"
        );
        await client.ReadUntilAsync("done");

        Assert.Equal("/order one", Assert.Single(site.Old.Asked));
        Assert.Equal("oslo", site.Old.Headers["X-Tidegate-Database"]);
    }

    [Fact]
    public async Task Large_bodies_pass_unchanged_both_ways()
    {
        await using var site = await GatewaySite.StartAsync();
        var body = RandomNumberGenerator.GetBytes(8_000_000);
        site.Old.Answer = context => context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);

        var answer = await site.SendAsync(HttpMethod.Post, "/web/binary/upload", new ByteArrayContent(body));

        Assert.Equal(
            SHA256.HashData(body),
            SHA256.HashData(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken))
        );
    }

    [Fact]
    public async Task A_body_over_the_policy_is_refused()
    {
        await using var site = await GatewaySite.StartAsync(options => options with { MaxRequestBytes = 1000 });

        var answer = await site.SendAsync(HttpMethod.Post, "/web", new ByteArrayContent(new byte[2000]));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task A_generation_that_is_down_is_a_502_for_pages_and_for_calls()
    {
        await using var site = await GatewaySite.StartAsync();
        await site.Old.DisposeAsync();

        var page = await site.GetAsync("/web");

        Assert.Equal(HttpStatusCode.BadGateway, page.StatusCode);
        Assert.Contains("did not answer", await TextAsync(page), StringComparison.Ordinal);
        await site.UntilAsync(status => status.InFlight == 0); // it is counted when it has ended
        Assert.Contains(
            "errors_total{tenant=\"shop-oslo\",generation=\"shared-old\"} 1",
            await MetricsAsync(site),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(
        """{"jsonrpc": "2.0", "id": 1, "error": {"code": 200, "message": "Odoo Server Error", "data": {"name": "odoo.exceptions.UserError"}}}""",
        "user"
    )]
    [InlineData(
        """{"jsonrpc": "2.0", "id": 1, "error": {"code": 200, "message": "Odoo Server Error", "data": {"name": "psycopg2.OperationalError"}}}""",
        "server"
    )]
    [InlineData(
        """{"jsonrpc": "2.0", "id": 1, "error": {"code": 100, "message": "Odoo Session Expired"}}""",
        "session"
    )]
    public async Task Errors_that_come_as_200_are_counted_by_class(string body, string kind)
    {
        await using var site = await GatewaySite.StartAsync();
        site.Old.Answer = context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(body);
        };

        var answer = await site.SendAsync(HttpMethod.Post, "/web/dataset/call_kw", Json("{}"));

        Assert.Equal(body, await TextAsync(answer));
        var metrics = await MetricsAsync(site);
        Assert.Contains(
            $"rpc_errors_total{{tenant=\"shop-oslo\",generation=\"shared-old\",class=\"{kind}\"}} 1",
            metrics,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "request_duration_seconds_count{tenant=\"shop-oslo\",generation=\"shared-old\"} 1",
            metrics,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("/web?db=other")]
    [InlineData("/web?%64b=other")]
    [InlineData("/web?db=oslo&db=other")]
    [InlineData("/web?x=1;db=other")]
    [InlineData("/web/database/manager")]
    [InlineData("/web%2Fdatabase%2fmanager")]
    [InlineData("//web//database/selector")]
    [InlineData("/fr/web/database/drop")]
    [InlineData("/xmlrpc/db")]
    [InlineData("/xmlrpc/2/db")]
    public async Task Another_tenants_database_and_the_manager_are_refused(string path)
    {
        await using var site = await GatewaySite.StartAsync();
        using var client = await RawClient.ConnectAsync(site.Address);

        await client.SendAsync($"GET {path} HTTP/1.1\r\nHost: {GatewaySite.Host}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 403", await client.ReadUntilAsync("</html>"), StringComparison.Ordinal);
        Assert.Empty(site.Old.Asked);
    }

    [Fact]
    public async Task Another_tenants_database_is_refused_in_calls_also_while_its_own_tenant_is_on_hold()
    {
        await using var site = await GatewaySite.StartAsync();
        await site.Control.RouteAsync(
            new("shop-lima"),
            site.To(site.New) with
            {
                Hosts = ["lima.example"],
                Database = "lima",
            },
            TestContext.Current.CancellationToken
        );
        await site.HoldAsync();
        var call =
            """{"jsonrpc":"2.0","method":"call","params":{"service":"object","method":"execute_kw","args":["oslo",2,"key","res.partner","search",[[]]]}}""";

        var answer = await site.SendAsync(HttpMethod.Post, "/jsonrpc", Json(call), "lima.example");
        var own = await site.SendAsync(
            HttpMethod.Post,
            "/jsonrpc",
            Json(call.Replace("oslo", "lima", StringComparison.Ordinal)),
            "lima.example"
        );

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Equal(0, (await site.StatusAsync()).Held);
        Assert.Contains("lima", Assert.Single(site.New.Asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_too_large_to_look_through_is_refused()
    {
        await using var site = await GatewaySite.StartAsync(options => options with { MaxInspectedBytes = 1000 });
        var chunked = new StringContent(new string(' ', 5000));
        chunked.Headers.ContentLength = null;
        using var request = site.Request(HttpMethod.Post, "/jsonrpc", chunked);
        request.Headers.TransferEncodingChunked = true;

        var answer = await site.Users.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task A_host_of_another_tenant_cannot_be_taken()
    {
        await using var site = await GatewaySite.StartAsync();

        var refused = await Assert.ThrowsAsync<GatewayRefusedException>(() =>
            site.Control.RouteAsync(new("shop-lima"), site.To(site.New), TestContext.Current.CancellationToken)
        );

        Assert.Equal(GatewayProblems.HostTaken, refused.Problem.Type);
    }

    [Fact]
    public async Task The_control_api_is_not_reachable_through_the_users_port()
    {
        await using var site = await GatewaySite.StartAsync();

        Assert.Equal("done", await TextAsync(await site.GetAsync("/v1/tenants")));
        Assert.Equal(HttpStatusCode.NotFound, (await site.GetAsync("/v1/tenants", "127.0.0.1")).StatusCode);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(site.Socket));
    }

    private static StringContent Json(string text) =>
        new(text, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    private static Task<string> TextAsync(HttpResponseMessage answer) =>
        answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private static Task<string> MetricsAsync(GatewaySite site) =>
        site.Control.ReadMetricsAsync(TestContext.Current.CancellationToken);
}
