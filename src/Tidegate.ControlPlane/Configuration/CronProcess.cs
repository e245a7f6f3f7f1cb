using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Configuration;

/// <summary>How a generation's process for scheduled jobs is started beside its odoo.conf: a master without HTTP whose children run one job each.</summary>
public static class CronProcess
{
    /// <summary>Asks for the form with a master; of HTTP workers there are none.</summary>
    public const int Workers = 1;

    /// <summary>Children that run jobs.</summary>
    public const int Threads = 2;

    /// <summary>What its command line says beside the odoo.conf. The limits of a web request do not hold for a job; it runs as long as it needs.</summary>
    public static ImmutableArray<string> Arguments { get; } =
    [
        "--no-http",
        $"--workers={Workers}",
        $"--max-cron-threads={Threads}",
        "--limit-time-real-cron=0",
        "--limit-time-cpu=86400",
        "--limit-memory-soft=0",
        "--limit-memory-hard=0",
    ];
}
