namespace Tidegate.Drivers.Sites;

/// <summary>Names of the processes that a site has once.</summary>
public static class SiteProcesses
{
    public const string Postgres = "postgres";

    public const string Gateway = "gateway";

    public const string ControlPlane = "control-plane";
}
