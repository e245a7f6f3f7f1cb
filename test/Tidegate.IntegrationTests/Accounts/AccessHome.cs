using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Tidegate.Cli;
using Tidegate.Contracts;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Accounts;

/// <summary>A scripted control plane whose access is set up by its command line, as people do it.</summary>
internal sealed class AccessHome(ScriptedControlPlane plane) : IAsyncDisposable
{
    public const string Password = "a long and winding road";

    public ScriptedControlPlane Plane => plane;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<AccessHome> StartAsync(
        PostgresCluster cluster,
        Action<IServiceCollection>? drivers = null
    ) => new(await ScriptedControlPlane.StartAsync(cluster, drivers));

    public ValueTask DisposeAsync() => plane.DisposeAsync();

    /// <summary>A file that only its owner can read.</summary>
    public async Task<string> FileAsync(string name, string content)
    {
        var path = Path.Join(plane.Home, name);
        await File.WriteAllTextAsync(path, content + "\n", Token);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    /// <summary>Makes anna the first administrator; the file of her session.</summary>
    public async Task<string> AdministratorAsync()
    {
        await plane.SucceedAsync("access", "bootstrap", "anna", "--reason", "the first one");
        return await SignInFirstAsync("anna", Path.Join(plane.Home, "secrets", "bootstrap-anna"));
    }

    /// <summary>Makes a person; the file of the session.</summary>
    public async Task<string> PersonAsync(string name, string administrator)
    {
        var added = await plane.RunAsync("access", "accounts", "add", $"person/{name}", "--token-file", administrator);
        Assert.True(added.Exit == ExitCodes.Done, added.Transcript);
        var secret = added.Output.Split('\n')[1].Split(' ')[^1];
        return await SignInFirstAsync(name, await FileAsync($"first-{name}", secret));
    }

    /// <summary>Makes a service account with a token of its own; the token's file.</summary>
    public async Task<string> ServiceAsync(string name, string administrator, params string[] grant)
    {
        await plane.SucceedAsync("access", "accounts", "add", $"service/{name}", "--token-file", administrator);
        await GrantAsync($"service/{name}", administrator, grant);
        return await TokenAsync(name, administrator);
    }

    public Task GrantAsync(string who, string administrator, params string[] grant) =>
        plane.SucceedAsync([
            "access",
            "grants",
            "add",
            who,
            .. grant,
            "--reason",
            "a test",
            "--token-file",
            administrator,
        ]);

    /// <summary>Makes one more token of a service account; its file.</summary>
    public async Task<string> TokenAsync(string service, string administrator, params string[] bound)
    {
        var file = Path.Join(plane.Home, $"token-{service}-{Guid.CreateVersion7():n}");
        await plane.SucceedAsync([
            "access",
            "tokens",
            "add",
            "--of",
            $"service/{service}",
            .. bound,
            "--to",
            file,
            "--token-file",
            administrator,
        ]);
        return file;
    }

    public Task<CliAnswer> RunAsync(string tokenFile, params string[] arguments) =>
        plane.RunAsync([.. arguments, "--token-file", tokenFile]);

    /// <summary>Sends a request with what a file has as its token; as the operating system's user without one.</summary>
    public async Task<(HttpStatusCode Status, ApiProblem? Problem)> SendAsync(
        HttpMethod method,
        string path,
        string? tokenFile = null,
        object? body = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (tokenFile is not null)
        {
            var token = (await File.ReadAllTextAsync(tokenFile, Token)).Trim();
            request.Headers.Authorization = new("Bearer", token);
        }

        if (body is not null)
        {
            request.Content = JsonContent.Create(body, options: ApiJson.Options);
        }

        using var response = await plane.SendAsync(request);
        return (
            response.StatusCode,
            response.IsSuccessStatusCode
                ? null
                : await response.Content.ReadFromJsonAsync<ApiProblem>(ApiJson.Options, Token)
        );
    }

    /// <summary>What the ledger has of refusals, in order.</summary>
    public async Task<string[]> RefusalsAsync() =>
        [.. (await plane.LedgerAsync("decision")).Where(line => line.Contains(" refused: ", StringComparison.Ordinal))];

    /// <summary>Everything that a request could add or change; what loops write by themselves is left out.</summary>
    public Task<string[]> StateAsync() =>
        plane.QueryAsync(
            """
            select table_name || ' ' || (xpath('/row/c/text()', query_to_xml(format(
                       'select md5(coalesce(string_agg(t::text, chr(10) order by t::text), '''')) as c from %I t', table_name), false, true, '')))[1]::text
              from information_schema.tables
             where table_schema = 'public' and table_type = 'BASE TABLE' and table_name in (
                   'account', 'access_grant', 'access_state', 'tenant', 'tenant_host', 'pool', 'release', 'rollout', 'upgrade',
                   'job', 'source', 'environment_terms', 'planned_work', 'promotion_hold', 'backup_schedule', 'data_copy',
                   'rehearsal', 'drill', 'recovery_objective', 'tenant_backup', 'release_validation')
             order by 1
            """
        );

    private async Task<string> SignInFirstAsync(string name, string secret)
    {
        var session = Path.Join(plane.Home, $"session-{name}");
        await plane.SucceedAsync("login", name, "--password-file", secret, "--token-file", session);
        await plane.SucceedAsync(
            "access",
            "password",
            "--password-file",
            secret,
            "--new-password-file",
            await FileAsync($"password-{name}", Password),
            "--token-file",
            session
        );
        return session;
    }
}
