using System.Diagnostics;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.OdooTests.Fixtures;

/// <summary>A Python process of Odoo's tree, as the user who runs PostgreSQL when the tests run as root. Killed with its children at the end.</summary>
public sealed class OdooProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StreamWriter _log;

    private OdooProcess(Process process, string log)
    {
        _process = process;
        Log = log;
        _log = new StreamWriter(log) { AutoFlush = true };
        _process.OutputDataReceived += (_, line) => Write(line.Data);
        _process.ErrorDataReceived += (_, line) => Write(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>File with all it wrote to its standard streams.</summary>
    public string Log { get; }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>Starts <c>/usr/bin/python3</c> (the interpreter that Debian's packages belong to) with <paramref name="arguments"/>.</summary>
    public static OdooProcess Start(
        OdooShop shop,
        string log,
        IReadOnlyList<string> arguments,
        params IReadOnlyList<(string Name, string Value)> environment
    )
    {
        const string python = "/usr/bin/python3";
        var start = PostgresTools.RunsAsRoot
            ? new ProcessStartInfo(
                "setpriv",
                [
                    $"--reuid={PostgresTools.User}",
                    $"--regid={PostgresTools.User}",
                    "--init-groups",
                    python,
                    .. arguments,
                ]
            )
            : new ProcessStartInfo(python, arguments);
        start.WorkingDirectory = "/";
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.UseShellExecute = false;
        start.Environment["PYTHONPATH"] = shop.Odoo.Packages;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new OdooProcess(Process.Start(start)!, shop.At(log));
    }

    public string ReadLog()
    {
        using var stream = new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Waits until it ended by itself; its exit code.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL to this process alone.</summary>
    public async Task KillAloneAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None); // it has been killed: this is short
        }

        _process.Dispose();
        await _log.DisposeAsync();
    }

    private void Write(string? line)
    {
        if (line is not null)
        {
            _log.WriteLine(line);
        }
    }
}
