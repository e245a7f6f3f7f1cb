using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Accounts;

/// <summary>Secrets that were used, good and bad, are looked for in everything that was written.</summary>
public sealed class CanaryTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private const string Wrong = "canary-of-a-wrong-password";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_secret_is_in_database_ledger_logs_or_output()
    {
        using var log = new Captured();
        await using var home = await AccessHome.StartAsync(
            cluster,
            services => services.AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace))
        );
        await home.Plane.SucceedAsync("access", "bootstrap", "anna", "--reason", "the first one");
        var bootstrap = await TextAsync(Path.Join(home.Plane.Home, "secrets", "bootstrap-anna"));
        var anna = await home.AdministratorAsync();
        var service = await home.ServiceAsync("ci", anna, "--role", "viewer");
        var forged = $"tidegate_{new string('f', 16)}_{new string('C', 43)}";
        await home.Plane.RunAsync(
            "login",
            "anna",
            "--password-file",
            await home.FileAsync("wrong", Wrong),
            "--token-file",
            Path.Join(home.Plane.Home, "never")
        );
        var printed = new List<string>();
        foreach (var (shown, command) in Commands(service, anna, await home.FileAsync("forged", forged)))
        {
            printed.Add((await home.RunAsync(shown, command)).Transcript);
        }

        Assert.Equal(
            HttpStatusCode.BadRequest,
            (
                await home.SendAsync(
                    HttpMethod.Post,
                    "/api/sign-in",
                    null,
                    new
                    {
                        name = "anna",
                        password = Wrong,
                        more = 1,
                    }
                )
            ).Status
        );
        await home.Plane.SucceedAsync("access", "accounts", "add", "person/bo", "--token-file", anna);

        var secrets = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["bootstrap secret"] = bootstrap,
            ["password"] = AccessHome.Password,
            ["wrong password"] = Wrong,
            ["session"] = (await TextAsync(anna))[^43..],
            ["token"] = (await TextAsync(service))[^43..],
            ["forged token"] = forged[^43..],
        };
        var written = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["database"] = string.Join('\n', await DumpAsync(home)),
            ["log"] = string.Join('\n', log.Lines),
            ["output"] = string.Join('\n', printed),
        };

        Assert.NotEmpty(log.Lines);
        Assert.Contains("person/anna", written["database"], StringComparison.Ordinal);
        Assert.All(
            secrets.SelectMany(secret => written.Select(text => (secret, text))),
            pair =>
                Assert.False(
                    pair.text.Value.Contains(pair.secret.Value, StringComparison.Ordinal),
                    $"the {pair.secret.Key} is in the {pair.text.Key}"
                )
        );
    }

    [Fact]
    public async Task A_token_file_that_others_can_read_is_refused()
    {
        await using var home = await AccessHome.StartAsync(cluster);
        var anna = await home.AdministratorAsync();
        File.SetUnixFileMode(anna, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var answer = await home.RunAsync(anna, "access", "whoami");

        Assert.Contains("chmod 600", answer.Error, StringComparison.Ordinal);
        Assert.Empty(answer.Output);
    }

    private static IEnumerable<(string Token, string[] Command)> Commands(string service, string anna, string forged) =>
        [
            (service, ["access", "whoami", "--json"]),
            (service, ["tenant", "list"]),
            (service, ["rollout", "start", "--release", "2026.11.2"]),
            (forged, ["tenant", "list", "--json"]),
            (anna, ["access", "accounts", "list", "--json"]),
            (anna, ["access", "grants", "list", "--json"]),
            (anna, ["access", "tokens", "list", "--json"]),
            (anna, ["access", "tokens", "list", "--of", "service/ci", "--json"]),
        ];

    private static async Task<string> TextAsync(string path) => (await File.ReadAllTextAsync(path, Token)).Trim();

    /// <summary>Every row of every table, as text.</summary>
    private static async Task<string[]> DumpAsync(AccessHome home)
    {
        var rows = new List<string>();
        foreach (
            var table in await home.Plane.QueryAsync(
                "select format('%I', table_name) from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'"
            )
        )
        {
            rows.AddRange(await home.Plane.QueryAsync($"select t::text from {table} t"));
        }

        return [.. rows];
    }

    /// <summary>Keeps what was logged.</summary>
    private sealed class Captured : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
            // It holds nothing.
        }
    }
}
