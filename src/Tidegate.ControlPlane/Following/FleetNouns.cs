namespace Tidegate.ControlPlane.Following;

/// <summary>What objects of a fleet are called where changes are told.</summary>
internal static class FleetNouns
{
    /// <summary>The root.</summary>
    public const string Fleet = "fleet";
    public const string Site = "site";
    public const string Environment = "environment";
    public const string Pool = "pool";
    public const string Tenant = "tenant";
    public const string Release = "release";
    public const string Policy = "policy";
    public const string Objective = "objective";
    public const string Calendar = "calendar";
}
