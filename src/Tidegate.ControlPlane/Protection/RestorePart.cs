using Tidegate.ControlPlane.Drills;

namespace Tidegate.ControlPlane.Protection;

/// <summary>Whether each tenant's last restore, or that of its stratum, came out well, is young enough, and was as fast as was promised.</summary>
internal static class RestorePart
{
    public static void Ask(ProtectedSite site, TimeSpan most, DateTimeOffset now, ProtectionFindings findings)
    {
        foreach (var tenant in site.Tenants)
        {
            Ask(tenant, site.Restores.Of(tenant), (most, now), findings);
        }
    }

    private static void Ask(
        ProtectedTenant tenant,
        RestoreProof? last,
        (TimeSpan Most, DateTimeOffset Now) age,
        ProtectionFindings findings
    )
    {
        var next = $"tidegate drill run tenant-corruption --tenant {tenant.Name}";
        if (last is null)
        {
            findings.Unknown(
                "restore-never",
                tenant.Name,
                $"neither {tenant.Name} nor a tenant of its stratum was ever restored.",
                next
            );
        }
        else if (last.Failure is { } failure)
        {
            findings.Wrong(
                "restore-failed",
                tenant.Name,
                $"the last restore that counts for {tenant.Name}, {last.What}, failed: {failure}",
                $"mend it, then {next}"
            );
        }
        else if (age.Now - last.At > age.Most)
        {
            findings.Wrong(
                "restore-old",
                tenant.Name,
                $"the last restore that counts for {tenant.Name}, {last.What}, is of {DrillText.Moment(last.At)}, older than the {DrillText.Duration(age.Most)} that the policy allows.",
                next
            );
        }
        else
        {
            Promise(tenant, last, next, findings);
        }
    }

    private static void Promise(ProtectedTenant tenant, RestoreProof last, string next, ProtectionFindings findings)
    {
        if (tenant.Objective is not { } wanted)
        {
            findings.Unknown(
                "objective-missing",
                tenant.Name,
                $"no objective covers {tenant.Name}, so nobody has said how soon it must be back.",
                "say it in objectives/*.yaml; tidegate objectives list shows those there are"
            );
        }
        else if (last.Took is not { } took)
        {
            findings.Unknown(
                "restore-unmeasured",
                tenant.Name,
                $"how long {last.What} took, the last restore that counts for {tenant.Name}, was not measured.",
                next
            );
        }
        else if (took > wanted)
        {
            findings.Wrong(
                "restore-slow",
                tenant.Name,
                $"the last restore that counts for {tenant.Name}, {last.What}, took {DrillText.Duration(took)}, and {DrillText.Duration(wanted)} was promised.",
                $"make it faster or promise less, then {next}"
            );
        }
    }
}
