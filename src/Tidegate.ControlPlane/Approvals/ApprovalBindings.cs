using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Approvals;

/// <summary>To what an approval of a plan is bound.</summary>
public static class ApprovalBindings
{
    public static ApprovalBinding Of(RolloutPlan plan, EnvironmentPolicy policy) =>
        new(plan.Hash, plan.Release.Digest.Value, Targets(plan), Version(policy));

    /// <summary>
    /// The version of a policy: of everything that it says, not of who is in which group. Somebody who joins a group takes
    /// no approval away; somebody who leaves it stops counting by leaving.
    /// </summary>
    public static string Version(EnvironmentPolicy policy) =>
        Hash(StoredJson.Write(policy with { Approvals = policy.Approvals with { People = People.Nobody } }));

    private static string Targets(RolloutPlan plan)
    {
        var text = new StringBuilder();
        foreach (var wave in plan.Waves)
        {
            foreach (var tenant in wave.Tenants)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{wave.Number} {tenant.Target.Tenant} {tenant.Target.From.Digest}\n"
                );
            }
        }

        return Hash(text.ToString());
    }

    private static string Hash(string text) =>
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
