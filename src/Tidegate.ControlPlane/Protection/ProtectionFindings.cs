using System.Globalization;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Protection;

/// <summary>Collects why tenants are not protected. What is the same for many is said once, with how many and the first of them.</summary>
internal sealed class ProtectionFindings
{
    private const int Named = 3;

    private readonly List<Finding> _wrong = [];
    private readonly List<Finding> _unknown = [];

    /// <summary>Something is known, and it is not as it must be.</summary>
    public void Wrong(string code, TenantName? tenant, string what, string next) =>
        _wrong.Add(new(code, tenant, what, next));

    /// <summary>Something that would tell is missing.</summary>
    public void Unknown(string code, TenantName? tenant, string what, string next) =>
        _unknown.Add(new(code, tenant, what, next));

    public GateAnswer Answer(string gate) => GateReasons.Answer(gate, Reasons(_wrong), Reasons(_unknown));

    private static List<GateReason> Reasons(IEnumerable<Finding> findings) =>
        [.. findings.GroupBy(finding => (finding.Code, IsTenant: finding.Tenant is not null)).SelectMany(Reasons)];

    private static IEnumerable<GateReason> Reasons(IGrouping<(string Code, bool IsTenant), Finding> same)
    {
        // What is said of a site is another thing at each of them.
        if (!same.Key.IsTenant)
        {
            return same.Select(finding => Reason(finding, ""));
        }

        var others = same.Skip(1).Select(finding => finding.Tenant!.Value.Value).ToList();
        return
        [
            Reason(
                same.First(),
                others.Count == 0
                    ? ""
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $" So it is with {others.Count} more: {string.Join(", ", others.Take(Named))}{(others.Count > Named ? ", …" : "")}."
                    )
            ),
        ];
    }

    private static GateReason Reason(Finding finding, string more) =>
        new(finding.Code, finding.What + more, Clearing.SiteOperator, finding.Next);

    private sealed record Finding(string Code, TenantName? Tenant, string What, string Next);
}
