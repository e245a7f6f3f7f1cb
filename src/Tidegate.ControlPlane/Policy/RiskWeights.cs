using System.Runtime.InteropServices;

namespace Tidegate.ControlPlane.Policy;

/// <summary>How much a tenant, or many, weigh by each measure.</summary>
/// <param name="Revenue">In whatever unit the fleet's files use.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RiskWeights(long Tenants, long Stores, long Revenue)
{
    public static RiskWeights operator +(RiskWeights left, RiskWeights right) =>
        new(left.Tenants + right.Tenants, left.Stores + right.Stores, left.Revenue + right.Revenue);

    public static RiskWeights Sum(IEnumerable<RiskWeights> all) =>
        all.Aggregate(default(RiskWeights), (sum, each) => sum + each);

    public long Of(RiskMeasure measure) =>
        measure switch
        {
            RiskMeasure.Tenants => Tenants,
            RiskMeasure.Stores => Stores,
            RiskMeasure.Revenue => Revenue,
        };
}

/// <summary>Limits in the words of people, and where they stand.</summary>
public static class RiskWords
{
    /// <summary>The key in a policy's file.</summary>
    public static string Key(RiskMeasure measure) =>
        measure switch
        {
            RiskMeasure.Tenants => "limits.atRisk.tenants",
            RiskMeasure.Stores => "limits.atRisk.stores",
            RiskMeasure.Revenue => "limits.atRisk.revenue",
        };

    /// <summary>"3 of 30 stores".</summary>
    public static string Of(RiskMeasure measure, RiskWeights part, RiskWeights whole) =>
        FormattableString.Invariant(
            $"{part.Of(measure)} of {whole.Of(measure)} {measure switch
            {
                RiskMeasure.Tenants => "tenants",
                RiskMeasure.Stores => "stores",
                RiskMeasure.Revenue => "of revenue",
            }}"
        );
}
