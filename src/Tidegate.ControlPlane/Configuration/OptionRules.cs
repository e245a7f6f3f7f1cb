using System.Globalization;
using Tidegate.ControlPlane.Catalog.Capabilities;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Configuration;

/// <summary>Options against those that the release's own parser has. Pure.</summary>
internal static class OptionRules
{
    public static IEnumerable<GateReason> Judge(PoolSettings pool, CapabilityRecord record)
    {
        if (record.Odoo.Options is not { } options)
        {
            yield break;
        }

        var known = options.ToDictionary(option => option.Name, StringComparer.Ordinal);
        foreach (var setting in pool.Settings)
        {
            if (!known.TryGetValue(setting.Name, out var option))
            {
                yield return new(
                    "option-unknown",
                    $"pool {pool.Pool} sets {setting.Name}, which this Odoo does not know: it would pass it over in silence.",
                    ConfigurationGate.Owner,
                    "take the option out of the pool's entry, or spell it as tidegate release capability --json does"
                );
            }
            else if (!option.File)
            {
                yield return new(
                    "option-not-in-file",
                    $"pool {pool.Pool} sets {setting.Name} in its configuration file, where this Odoo does not read it.",
                    ConfigurationGate.Owner,
                    "take the option out of the pool's entry"
                );
            }
            else if (!Fits(option, setting.Value))
            {
                yield return new(
                    "option-type",
                    $"pool {pool.Pool} sets {setting.Name} to \"{setting.Value}\", and this Odoo takes {Wanted(option)}.",
                    ConfigurationGate.Owner,
                    "correct the value in the pool's entry"
                );
            }
        }
    }

    private static bool Fits(OdooOption option, string value) =>
        option.Type switch
        {
            "int" => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            "float" => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
            "bool" => value is "True" or "False",
            "choice" => option.Choices.Contains(value, StringComparer.Ordinal),
            _ => true,
        };

    private static string Wanted(OdooOption option) =>
        option.Type switch
        {
            "int" => "a whole number",
            "float" => "a number",
            "bool" => "True or False",
            _ => string.Join(", ", option.Choices),
        };
}
