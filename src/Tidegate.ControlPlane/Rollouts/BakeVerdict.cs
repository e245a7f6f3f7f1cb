using System.Globalization;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>Whether a watched tenant fails too often. Pure.</summary>
public static class BakeVerdict
{
    /// <summary>Fewer failures than this say nothing, however small the traffic.</summary>
    public const int LeastFailures = 5;

    /// <summary>What is wrong, in one sentence; null while it is well.</summary>
    /// <param name="answered">Requests since the tenant was opened.</param>
    /// <param name="failed">Of these, the ones that failed by the server's fault.</param>
    public static string? Complaint(Bake step, UpgradeTarget target, long answered, long failed) =>
        failed >= LeastFailures && failed > step.MaxErrorShare * answered
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{failed} of {answered} requests of {target.Tenant} failed since it was opened on {target.To.Name}; up to {step.MaxErrorShare:P1} may"
            )
            : null;
}
