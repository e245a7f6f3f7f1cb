namespace Tidegate.Gateway;

/// <summary>How a gateway runs.</summary>
public sealed record GatewayOptions
{
    /// <summary>Where routes, holds and epochs are kept. Absolute path.</summary>
    public required string StateFile { get; init; }

    /// <summary>The control API's unix socket, made with mode 0600. Absolute path, at most 107 bytes.</summary>
    public required string ControlSocket { get; init; }

    /// <summary>Loopback port for users' requests; 0 takes a free one.</summary>
    public required int Port { get; init; }

    /// <summary>Folder of the gateway's log; null: standard error.</summary>
    public string? LogFolder { get; init; }

    /// <summary>A loopback port that answers <c>/metrics</c> and nothing else; null: only the control socket does.</summary>
    public int? MetricsPort { get; init; }

    /// <summary>What <c>X-Forwarded-Proto</c> says: <c>http</c> or <c>https</c>; null: the request's own scheme. Set it where TLS ends before the gateway.</summary>
    public string? ForwardedProto { get; init; }

    /// <summary>The largest request body; 413 beyond it. Odoo's own default for uploads is 128 MiB.</summary>
    public long MaxRequestBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>The largest body of a call whose database is looked up in the body; 413 beyond it.</summary>
    public int MaxInspectedBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// Users' connections that wait with a buffer of 4 KiB in hand, which spares a system call a request; those beyond wait
    /// without, so that ten thousand held ones take 40 MB less.
    /// </summary>
    public int BufferedConnections { get; init; } = 1024;

    /// <summary>
    /// Connections to a generation's web workers at a time. Odoo listens with a backlog of 8 a worker (service/server.py
    /// of 19): what goes beyond is dropped by the kernel and tried again after 1, 3, 7 s, so requests rather wait here.
    /// </summary>
    public int ConnectionsPerUpstream { get; init; } = 16;

    /// <summary>Longer than the kernel's first four tries: a full backlog is no reason to fail a request.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Shorter than the upstream's keep-alive, so that it never closes a connection that is just being used.</summary>
    public TimeSpan UpstreamIdleTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest silence of a generation. Above Odoo's own limit (<c>limit_time_real</c>), which is to be the one that acts.</summary>
    public TimeSpan ActivityTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Longest silence on <c>/websocket</c> and <c>/longpolling</c>.</summary>
    public TimeSpan EventedActivityTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Longest wait for running requests when the gateway is asked to end.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What a refused request is told to wait.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(5);
}
