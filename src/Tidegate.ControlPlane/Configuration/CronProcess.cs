namespace Tidegate.ControlPlane.Configuration;

/// <summary>How a generation's process for scheduled jobs is started beside its odoo.conf: a master without HTTP whose children run one job each.</summary>
public static class CronProcess
{
    /// <summary>Asks for the form with a master; of HTTP workers there are none.</summary>
    public const int Workers = 1;

    /// <summary>Children that run jobs.</summary>
    public const int Threads = 2;
}
