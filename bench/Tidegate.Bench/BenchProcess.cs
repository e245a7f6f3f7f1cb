using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tidegate.Bench;

/// <summary>A server that runs for the time of a bench, with all its children.</summary>
internal sealed class BenchProcess : IAsyncDisposable
{
    private static readonly long TicksPerSecond = 100; // USER_HZ, the same on every Linux we build for

    private readonly Process process;

    private BenchProcess(Process process) => this.process = process;

    /// <summary>User and system time of the process and its children up to now.</summary>
    public TimeSpan Cpu => TimeSpan.FromSeconds((double)Family().Sum(CpuTicks) / TicksPerSecond);

    /// <summary>Resident memory now.</summary>
    public double ResidentMegabytes => Family().Sum(ResidentKilobytes) / 1024.0;

    /// <summary>Starts it and waits until it answers there.</summary>
    public static async Task<BenchProcess> StartAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        EndPoint endpoint,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var server = new BenchProcess(Process.Start(start)!);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await AnswersAsync(endpoint, cancellationToken))
        {
            if (server.process.HasExited)
            {
                throw new InvalidOperationException($"{program} ended with {server.process.ExitCode}.");
            }

            await pause.WaitForNextTickAsync(cancellationToken);
        }

        return server;
    }

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None); // cleaning up
        process.Dispose();
    }

    private static async Task<bool> AnswersAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false; // not yet
        }
    }

    private List<string> Family()
    {
        var children = File.ReadAllText($"/proc/{process.Id}/task/{process.Id}/children");
        return
        [
            process.Id.ToString(CultureInfo.InvariantCulture),
            .. children.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ];
    }

    private static long CpuTicks(string id)
    {
        var stat = File.ReadAllText($"/proc/{id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture)
            + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    private static long ResidentKilobytes(string id)
    {
        var line = File.ReadLines($"/proc/{id}/status")
            .First(each => each.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
