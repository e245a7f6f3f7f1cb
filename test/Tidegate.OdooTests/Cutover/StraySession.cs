using System.Diagnostics;
using Tidegate.Drivers.Sites;

namespace Tidegate.OdooTests.Cutover;

/// <summary>A psql of the pool's OS user on the shop's live database as the old generation's role.</summary>
internal sealed class StraySession : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private StraySession(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync(Token);
        _errors = process.StandardError.ReadToEndAsync(Token);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="name">What the session calls itself.</param>
    /// <param name="options">As <c>PGOPTIONS</c>: settings that begin with the session.</param>
    public static StraySession Start(WholeSite site, string role, string name, string options = "")
    {
        var start = StrayServer.AsPool([
            Path.Combine(PostgresBinaries.Find()!, "psql"),
            "--no-psqlrc",
            "--quiet",
            "--tuples-only",
            "--set=ON_ERROR_STOP=1",
            $"--host={site.Layout.PostgresSocket}",
            $"--port={SiteLayout.PostgresPort}",
            $"--username={role}",
            $"--dbname={WholeSite.Database}",
        ]);
        start.Environment["PGAPPNAME"] = name;
        start.Environment["PGOPTIONS"] = options;
        return new(Process.Start(start)!);
    }

    /// <summary>Sends a statement without waiting for what comes of it.</summary>
    public async Task SendAsync(string sql)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(sql.AsMemory(), Token);
            await _process.StandardInput.FlushAsync(Token);
        }
        catch (IOException)
        {
            // It has ended: what it said tells why.
        }
    }

    /// <summary>Sends the end of the input and waits; null when all was carried out, else what PostgreSQL said.</summary>
    public async Task<string?> EndAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already.
        }

        await _process.WaitForExitAsync(Token);
        return _process.ExitCode == 0 ? null : $"{await _output}{await _errors}";
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None); // it has been killed: this is short
        }

        _process.Dispose();
    }
}
