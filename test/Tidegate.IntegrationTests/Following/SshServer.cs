using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Following;

/// <summary>An sshd of this test's own on 127.0.0.1, with its own host key, that lets in one key.</summary>
internal sealed class SshServer : IAsyncDisposable
{
    private readonly Process process;
    private readonly Task<string> log;

    private SshServer(Process process, int port, string hostKey)
    {
        (this.process, Port, HostKey) = (process, port, hostKey);
        log = process.StandardError.ReadToEndAsync();
    }

    public int Port { get; }

    /// <summary>A line for <c>known_hosts</c>.</summary>
    public string HostKey { get; }

    /// <summary>Why there can be none here; null when there can.</summary>
    public static string? CannotRun =>
        !File.Exists(Program) ? "sshd is not installed."
        : Environment.IsPrivilegedProcess && !Directory.Exists("/run/sshd")
            ? "sshd needs /run/sshd where it runs as root."
        : null;

    private static string Program => Environment.GetEnvironmentVariable("TIDEGATE_TEST_SSHD") ?? "/usr/sbin/sshd";

    public static async Task<SshServer> StartAsync(string folder, string allowedKey)
    {
        Directory.CreateDirectory(folder);
        var hostKey = Path.Join(folder, "host");
        await MakeKeyAsync(hostKey);
        var allowed = Path.Join(folder, "allowed");
        await File.WriteAllTextAsync(allowed, allowedKey);
        var port = Fixtures.SiteHome.FreePort();
        string[] options =
        [
            "ListenAddress=127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"Port={port}"),
            $"HostKey={hostKey}",
            $"AuthorizedKeysFile={allowed}",
            "PidFile=none",
            "UsePAM=no",
            "StrictModes=no",
            "PasswordAuthentication=no",
            "KbdInteractiveAuthentication=no",
            "PermitRootLogin=yes",
        ];
        var start = new ProcessStartInfo(
            Program,
            ["-D", "-e", "-f", "/dev/null", .. options.SelectMany(option => (string[])["-o", option])]
        )
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        var publicKey = await File.ReadAllTextAsync($"{hostKey}.pub");
        var knownHost = string.Create(
            CultureInfo.InvariantCulture,
            $"[127.0.0.1]:{port} {string.Join(' ', publicKey.Split(' ')[..2])}\n"
        );
        var server = new SshServer(Process.Start(start)!, port, knownHost);
        await Eventually.IsTrueAsync(server.AnswersAsync, () => $"sshd does not answer: {server.process.HasExited}");
        return server;
    }

    /// <summary>A pair of keys: the file, and the file with <c>.pub</c>.</summary>
    public static async Task MakeKeyAsync(string file)
    {
        using var keygen = Process.Start("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", file]);
        await keygen.WaitForExitAsync();
        Assert.Equal(0, keygen.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        await log;
        process.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
