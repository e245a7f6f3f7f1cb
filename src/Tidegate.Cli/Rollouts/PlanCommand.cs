using System.CommandLine;
using System.Globalization;
using Tidegate.Contracts.Rollouts;

namespace Tidegate.Cli.Rollouts;

internal static class PlanCommand
{
    public static Command Create()
    {
        var rules = new RuleOptions();
        var overrides = new Option<string[]>("--override")
        {
            Description =
                "Show it as an emergency that goes past this gate, or rule of a calendar: freeze:retail/black-friday",
        };
        var json = JsonOption.Create();
        var command = new Command(
            "plan",
            "Show what a rollout would do; change nothing\n\nExample: tidegate rollout plan --release 2026.11.2"
        )
        {
            overrides,
            json,
        };
        rules.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var plan = await client.PostAsync<PlanRollout, PlanView>(
                    "/api/plans",
                    rules.Read(parsed) with
                    {
                        Overrides = parsed.GetValue(overrides) is { Length: > 0 } named ? named : null,
                    },
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(plan);
                }
                else
                {
                    Write(plan, parsed.Output());
                }

                return plan.Waves.Count > 0 && (plan.Gates ?? []).All(gate => gate.Verdict == "pass")
                    ? ExitCodes.Done
                    : ExitCodes.Blocked;
            }
        );
        return command;
    }

    /// <summary>The plan for people.</summary>
    internal static void Write(PlanView plan, TextWriter writer)
    {
        writer.WriteLine($"PLAN {plan.Hash}");
        writer.WriteLine(
            $"  release {plan.Release} ({plan.Digest}) to {plan.Environment}, policy {plan.PolicyVersion}"
        );
        foreach (var wave in plan.Waves)
        {
            writer.WriteLine($"  wave {wave.Number}");
            foreach (var tenant in wave.Tenants)
            {
                var modules = tenant.Modules.Count == 0 ? "no module" : string.Join(", ", tenant.Modules);
                writer.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"    {tenant.Tenant} ({tenant.Pool}) from {tenant.From}: {tenant.Mode} for about {tenant.PredictedHoldSeconds:0} s{Interval(tenant)}, checkpoint {tenant.CheckpointBytes >> 20} MB; updates {modules}"
                    )
                );
                if (tenant.Checkpoint is { } checkpoint)
                {
                    writer.WriteLine($"      {checkpoint}: {tenant.CheckpointReason}");
                }
            }
        }

        if (plan.Waves.Count > 0)
        {
            var tenant = plan.Waves[0].Tenants[0];
            writer.WriteLine($"  steps of each tenant: {string.Join(", ", tenant.Steps)}");
            writer.WriteLine($"  way back before opening: {string.Join(", ", tenant.WayBack)}");
        }

        if (plan.Timetable is { } timetable)
        {
            TimetableText.Write(timetable, writer);
        }

        foreach (var exclusion in plan.Excluded)
        {
            writer.WriteLine($"  left alone: {exclusion.Tenant}: {exclusion.Reason}");
        }

        foreach (var gate in plan.Gates ?? [])
        {
            writer.WriteLine($"  gate {gate.Gate}: {gate.Verdict}");
            foreach (var reason in gate.Reasons)
            {
                writer.WriteLine($"    {reason.Code}: {reason.What}");
                writer.WriteLine($"      next: {reason.Next} ({reason.Clears})");
            }
        }
    }

    private static string Interval(PlannedTenant tenant) =>
        tenant.Prediction is { } prediction
            ? string.Create(
                CultureInfo.InvariantCulture,
                $" ({prediction.LowSeconds:0} to {prediction.HighSeconds:0} s by {prediction.Basis})"
            )
            : "";
}
