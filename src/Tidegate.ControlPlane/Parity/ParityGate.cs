using System.Globalization;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Parity;

/// <summary>Whether what an environment showed may be taken to hold in the one downstream of it.</summary>
public static class ParityGate
{
    public const string Name = "parity";

    private const string Owners = "whoever runs the environments";

    public static GateAnswer Ask(ParityComparison comparison)
    {
        var next = $"tidegate environment compare {comparison.Upstream} {comparison.Downstream}";
        return GateReasons.Answer(
            Name,
            [
                .. comparison
                    .Differences.Where(difference => difference.Weight is ParityWeight.Matters)
                    .Select(difference => new GateReason(
                        $"parity-{Code(difference.Key.Aspect)}",
                        Sentence(comparison, difference),
                        Owners,
                        next
                    )),
            ],
            [
                .. comparison
                    .Differences.Where(difference => difference.Weight is ParityWeight.Unknown)
                    .Select(difference => new GateReason(
                        $"parity-{Code(difference.Key.Aspect)}-unknown",
                        difference.Why,
                        Owners,
                        next
                    )),
            ]
        );
    }

    /// <summary>An aspect's stable word.</summary>
    public static string Code(ParityAspect aspect) =>
        aspect switch
        {
            ParityAspect.Odoo => "odoo",
            ParityAspect.Module => "module",
            ParityAspect.Option => "option",
            ParityAspect.Bridge => "bridge",
            ParityAspect.Postgres => "postgres",
            ParityAspect.Extension => "extension",
            ParityAspect.Locale => "locale",
            ParityAspect.TimeZone => "time-zone",
            ParityAspect.Language => "language",
            ParityAspect.DataAge => "data-age",
        };

    private static string Sentence(ParityComparison comparison, ParityDifference difference) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Code(difference.Key.Aspect)} {difference.Key.Name}: {difference.Upstream ?? "none"} in {comparison.Upstream}, {difference.Downstream ?? "none"} in {comparison.Downstream} ({difference.Tenants} tenants, {difference.Example}). {difference.Why}"
        );
}
