using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Simulator.World;

/// <summary>Database names in the simulated cluster.</summary>
internal static class Names
{
    public static string Next(string database) => $"{database}__next";

    public static string Old(string database, UpgradeId upgrade) => $"{database}__old_{upgrade.Short}";
}
