using System.Globalization;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Configuration;

/// <summary>
/// Whether pools may take a release as they are set: options that its Odoo knows, values that make sense, a closed door
/// to the database manager, and connections that the cluster has.
/// </summary>
public static class ConfigurationGate
{
    public const string Name = "configuration";

    /// <summary>Who sets what a pool may set.</summary>
    internal const string Owner = "whoever owns the pool's entry";

    public static GateAnswer Ask(ConfigurationQuestion question)
    {
        var unknown = new List<GateReason>();
        if (question.Capability?.Odoo.Options is null)
        {
            unknown.Add(
                new(
                    "options-unknown",
                    $"which options {question.Release.Name} knows is not known: it has no capability record.",
                    Clearing.Operator,
                    $"tidegate release probe {question.Release.Name}"
                )
            );
        }

        if (question.Site is null)
        {
            unknown.Add(
                new(
                    "site-unknown",
                    "how many connections and how much memory the site has is not known: it does not answer.",
                    Clearing.Operator,
                    "tidegate site status"
                )
            );
        }

        return GateReasons.Answer(
            Name,
            [.. question.Taking.SelectMany(pool => Pool(question, pool)), .. Site(question)],
            unknown
        );
    }

    private static IEnumerable<GateReason> Pool(ConfigurationQuestion question, PoolSettings pool) =>
        [
            .. question.Capability is { } record ? OptionRules.Judge(pool, record) : [],
            .. LimitRules.Judge(pool, question.Capability, question.Site),
            .. DoorRules.Judge(pool),
        ];

    private static IEnumerable<GateReason> Site(ConfigurationQuestion question)
    {
        if (question.Site is not { } site)
        {
            yield break;
        }

        var budget = ConnectionBudget.Of(question, site);
        if (!budget.Fits)
        {
            yield return new(
                "connections-exceeded",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"while {question.Release.Name} goes out, up to {budget.Needed} connections may be opened and the cluster lets in {budget.Offered}: {string.Join(", ", budget.Parts)}."
                ),
                Clearing.Operator,
                "lower workers or db_maxconn of a pool, move a pool to another site, or raise the cluster's max_connections"
            );
        }

        foreach (var tenant in site.WithoutEvented)
        {
            yield return new(
                "websocket-route-missing",
                $"the gateway leads {tenant} to no evented process: its websockets fail.",
                Clearing.Operator,
                "apply the fleet again; tidegate site status shows whether the pool's evented process runs"
            );
        }
    }
}
