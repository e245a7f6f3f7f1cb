using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Runtimes;

public sealed class ProcessSupervisorTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_killed_is_started_again_and_what_was_stopped_on_purpose_is_not()
    {
        await using var home = new SiteHome();
        await home.Site.StartPostgresAsync(home.Options, Cancelled);
        using var parts = new Parts(home.Layout);

        await parts.Supervisor.TendAsync(Cancelled);
        var (postgres, gateway) = (home.PidOf("postgres"), home.PidOf("gateway"));
        Assert.NotNull(gateway);

        LauncherHome.Kill(postgres!.Value);
        LauncherHome.Kill(gateway.Value);
        await LauncherHome.UntilAsync(() => home.PidOf("postgres") is null && home.PidOf("gateway") is null);
        parts.Clock.Advance(TimeSpan.FromMinutes(1));
        await parts.Supervisor.TendAsync(Cancelled);
        Assert.NotEqual(postgres, Assert.NotNull(home.PidOf("postgres")));
        Assert.NotEqual(gateway, Assert.NotNull(home.PidOf("gateway")));

        await home.Site.DownAsync(Cancelled);
        parts.Clock.Advance(TimeSpan.FromMinutes(1));
        await parts.Supervisor.TendAsync(Cancelled);
        Assert.Equal("down", home.Site.Status().State);
    }

    [Fact]
    public async Task A_process_that_ended_a_moment_ago_is_not_started_again_at_once()
    {
        await using var home = new SiteHome();
        await home.Site.StartPostgresAsync(home.Options, Cancelled);
        using var parts = new Parts(home.Layout);
        await parts.Supervisor.TendAsync(Cancelled);
        LauncherHome.Kill(home.PidOf("gateway")!.Value);
        await LauncherHome.UntilAsync(() => home.PidOf("gateway") is null);

        await parts.Supervisor.TendAsync(Cancelled);
        Assert.Null(home.PidOf("gateway"));

        parts.Clock.Advance(TimeSpan.FromSeconds(1));
        await parts.Supervisor.TendAsync(Cancelled);
        Assert.NotNull(home.PidOf("gateway"));
    }

    private sealed class Parts : IDisposable
    {
        private readonly GatewayClient _gateway;
        private readonly GenerationHttp _http = new();

        public Parts(SiteLayout layout)
        {
            _gateway = new GatewayClient(layout.GatewaySocket);
            var launcher = new ProcessLauncher(layout.Home, layout.Run, TimeProvider.System);
            Supervisor = new ProcessSupervisor(
                layout,
                new SiteServices(layout, launcher, TimeProvider.System),
                new GenerationRuntime(
                    layout,
                    launcher,
                    _http,
                    TimeProvider.System,
                    NullLogger<GenerationRuntime>.Instance
                ),
                _gateway,
                new SupervisorTools(launcher, Clock, NullLogger<ProcessSupervisor>.Instance)
            );
        }

        public FakeTimeProvider Clock { get; } = new();

        public ProcessSupervisor Supervisor { get; }

        public void Dispose()
        {
            Supervisor.Dispose();
            _gateway.Dispose();
            _http.Dispose();
        }
    }
}
