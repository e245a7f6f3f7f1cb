using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rehearsals;

namespace Tidegate.ControlPlane.Protection;

/// <summary>Whether each tenant's own rehearsal of the release passed and still says something.</summary>
internal static class RehearsalPart
{
    public static void Ask(
        ProtectedSite site,
        ReleaseRef release,
        TimeSpan most,
        DateTimeOffset now,
        ProtectionFindings findings
    )
    {
        foreach (var tenant in site.Tenants)
        {
            var next = $"tidegate rehearse {release.Name} --tenant {tenant.Name}";
            if (tenant.Rehearsal is not { } record)
            {
                findings.Unknown(
                    "rehearsal-missing",
                    tenant.Name,
                    $"{release.Name} was never rehearsed with {tenant.Name}.",
                    next
                );
            }
            else if (
                RehearsalValidity.Refusal(record, tenant.Runs, release.Digest, tenant.Modules, most, now) is { } refusal
            )
            {
                var what = $"rehearsal {record.Id} of {tenant.Name} does not count: {refusal}";
                if (tenant.Modules is null)
                {
                    findings.Unknown("rehearsal-unclear", tenant.Name, what, next);
                }
                else
                {
                    findings.Wrong("rehearsal-invalid", tenant.Name, what, next);
                }
            }
        }
    }
}
