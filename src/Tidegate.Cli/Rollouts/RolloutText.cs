using System.CommandLine;
using System.Globalization;
using Tidegate.Contracts.Rollouts;

namespace Tidegate.Cli.Rollouts;

/// <summary>How a rollout reads in a terminal.</summary>
public static class RolloutText
{
    public static string Line(UpgradeView tenant) => $"wave {tenant.Wave}  {tenant.Tenant}  {Stand(tenant)}";

    public static string End(RolloutView rollout) =>
        $"rollout {rollout.Id} of {rollout.Release} {rollout.Outcome}{(rollout.Reason is { } reason ? $": {reason}" : "")}";

    /// <summary>The whole rollout, a line per tenant and step.</summary>
    public static void Write(RolloutView rollout, TextWriter writer)
    {
        writer.WriteLine(
            $"ROLLOUT {rollout.Id}  {rollout.Release} to {rollout.Environment}  {rollout.Outcome ?? Order(rollout) ?? rollout.State}"
        );
        if (rollout.Reason is { } reason)
        {
            writer.WriteLine($"  {reason}");
        }

        foreach (var tenant in rollout.Tenants)
        {
            writer.WriteLine($"  {Line(tenant)}");
            foreach (var step in tenant.Steps)
            {
                writer.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"    {step.Kind, -17} {step.Seconds, 7:0.00} s  {step.Outcome}  {step.Summary}"
                    )
                );
            }
        }
    }

    private static string? Order(RolloutView rollout) =>
        rollout.AbortedBy is { } actor ? $"being aborted by {actor}"
        : rollout.SupersededBy is { } newer ? $"ending, superseded by {newer}"
        : null;

    /// <summary>How the operator goes on where a tenant asks.</summary>
    public static string Resume(string rollout, UpgradeView tenant) =>
        $"tidegate rollout resume {rollout} --tenant {tenant.Tenant}";

    /// <summary>What the operator may do now, beside the output.</summary>
    public static async Task WriteNextAsync(RolloutView rollout, ParseResult parsed)
    {
        foreach (var tenant in rollout.Tenants.Where(tenant => tenant.State is "asking"))
        {
            await parsed.WriteNextAsync(Resume(rollout.Id, tenant));
        }
    }

    private static string Stand(UpgradeView tenant) =>
        tenant.State switch
        {
            "ended" => $"{tenant.Ending}{Held(tenant)}{Because(tenant)}",
            "asking" => $"asks a person at {tenant.Step}{Because(tenant)}",
            "back" => $"going back: {tenant.Step}{Because(tenant)}",
            "forward" => tenant.Step ?? "",
            _ => tenant.State,
        };

    private static string Held(UpgradeView tenant) =>
        tenant.HoldSeconds is { } held ? string.Create(CultureInfo.InvariantCulture, $", held {held:0.0} s") : "";

    private static string Because(UpgradeView tenant) =>
        tenant.Reason is null ? ""
        : tenant.Evidence is null ? $": {tenant.Reason}"
        : $": {tenant.Reason} (evidence: {tenant.Evidence})";
}
