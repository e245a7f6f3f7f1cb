using Tidegate.Drivers.Capabilities;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;
using Tidegate.IntegrationTests.Runtimes;

namespace Tidegate.IntegrationTests.Capabilities;

/// <summary>The sandbox on real processes and a real PostgreSQL.</summary>
public sealed class SandboxTests : IAsyncLifetime
{
    private readonly SiteLayout _layout = new(Directory.CreateTempSubdirectory("tg-sbx-").FullName);

    private ProcessLauncher Launcher => new(_layout.Home, _layout.Run, TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_at_a_time_has_it_and_leaves_nothing()
    {
        using (var sandbox = await TakeAsync())
        {
            Assert.NotNull(sandbox);
            Assert.Null(await TakeAsync());
            var version = await new SandboxPostgres(sandbox, TimeProvider.System).StartAsync(
                PostgresBinaries.Find()!,
                Token
            );
            Assert.StartsWith("1", version, StringComparison.Ordinal);
            Assert.True(sandbox.Runs(Sandbox.Postgres));

            await sandbox.ClearAsync(Token);
        }

        Assert.Empty(Launcher.Names());
        Assert.False(Directory.Exists(_layout.Sandbox));
        using var again = await TakeAsync();
        Assert.NotNull(again);
    }

    [Fact]
    public async Task What_one_that_was_killed_left_is_gone_before_the_next_begins()
    {
        int left;
        // As a kill leaves it: the lock is the kernel's to let go of, and nothing else is done.
        using (var killed = await TakeAsync())
        {
            await new SandboxPostgres(killed!, TimeProvider.System).StartAsync(PostgresBinaries.Find()!, Token);
            left = Launcher.Find(Sandbox.Postgres)!.Pid;
        }

        Assert.True(LauncherHome.Lives(left));

        using var next = await TakeAsync();

        Assert.False(LauncherHome.Lives(left));
        Assert.Empty(Directory.EnumerateFileSystemEntries(next!.Folder));
    }

    [Fact]
    public async Task Its_PostgreSQL_is_reached_through_a_folder_that_nobody_else_can_enter()
    {
        using var sandbox = await TakeAsync();
        var postgres = new SandboxPostgres(sandbox!, TimeProvider.System);
        await postgres.StartAsync(PostgresBinaries.Find()!, Token);

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(sandbox!.Folder)
        );
        await using var session = await PostgresSession.OpenAsync(
            postgres.Site.ConnectionString(SandboxPostgres.Database, SandboxPostgres.Role),
            Token
        );
        Assert.Equal("", await session.ScalarAsync<string>("show listen_addresses", [], Token));
        Assert.False(
            await session.ScalarAsync<bool>(
                "select rolsuper or rolcreatedb or rolcreaterole from pg_roles where rolname = current_user",
                [],
                Token
            )
        );
    }

    public ValueTask InitializeAsync()
    {
        Folder.Passage(_layout.Home);
        Directory.CreateDirectory(_layout.Run);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in Launcher.Names())
        {
            await Launcher.StopAsync(name, StopManner.AtOnce, CancellationToken.None); // also when the test was cancelled
        }

        Directory.Delete(_layout.Home, recursive: true);
    }

    private Task<Sandbox?> TakeAsync() => Sandbox.TryTakeAsync(_layout, Launcher, Token);
}
