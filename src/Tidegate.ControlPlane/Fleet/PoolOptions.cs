namespace Tidegate.ControlPlane.Fleet;

/// <summary>Odoo's options that a pool may set; null leaves the value that Tidegate gives every pool.</summary>
/// <remarks>Names and units are those of Odoo 19's <c>odoo.conf</c> (<c>odoo/tools/config.py</c>). Options that Tidegate depends on, like <c>proxy_mode</c> or <c>list_db</c>, cannot be set.</remarks>
public sealed record PoolOptions
{
    /// <summary>What Tidegate gives a pool that says nothing; what is null here too is left to Odoo.</summary>
    public static PoolOptions Defaults { get; } =
        new()
        {
            // One web worker serves one request at a time, so it needs a connection per database it still remembers and
            // one for the bus; more would only fill the cluster's max_connections.
            DbMaxconn = 16,
            LimitTimeCpu = 120,
            LimitTimeReal = 240,
        };

    /// <summary><c>db_maxconn</c>: connections to PostgreSQL of each web worker.</summary>
    public int? DbMaxconn { get; init; }

    /// <summary><c>limit_memory_hard</c>: bytes of address space at which a worker is ended at once; 0 is no limit.</summary>
    public long? LimitMemoryHard { get; init; }

    /// <summary><c>limit_memory_soft</c>: bytes at which a worker is replaced after its request; 0 is no limit.</summary>
    public long? LimitMemorySoft { get; init; }

    /// <summary><c>limit_request</c>: requests after which a worker is replaced.</summary>
    public int? LimitRequest { get; init; }

    /// <summary><c>limit_time_cpu</c>: processor seconds that one request may use.</summary>
    public int? LimitTimeCpu { get; init; }

    /// <summary><c>limit_time_real</c>: seconds that one request may take.</summary>
    public int? LimitTimeReal { get; init; }
}
