using CsCheck;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Simulator;
using Tidegate.Simulator.Steps;

namespace Tidegate.Tests.Simulation;

public sealed class FaultScheduleTests
{
    private const int MostTenants = 6;

    private static readonly string[] Kinds = [.. StepKindsInOrder()];

    private static readonly Gen<Fault> AnyFault = Gen.OneOf(
        Gen.Const((Fault)new Fault.Bad("bad")),
        Gen.Const((Fault)new Fault.Busy("busy")),
        Gen.Int[1, 4].Select(times => (Fault)new Fault.Flaky(times)),
        Gen.Int[1, 3].Select(times => (Fault)new Fault.Slow(times, TimeSpan.FromSeconds(1)))
    );

    private static readonly Gen<((TenantName, string) Where, Fault Fault)> Fault = Gen.Select(
            Gen.Int[1, MostTenants],
            Gen.Int[0, Kinds.Length - 1],
            AnyFault
        )
        .Select((tenant, kind, fault) => ((new TenantName($"t{tenant}"), Kinds[kind]), fault))
        .Where(fault => IsPossible(fault.Item1.Item2, fault.fault));

    private static readonly Gen<Scenario> AnyScenario = Gen.Select(
            Gen.Int[1, MostTenants],
            Fault.Array[0, 4],
            Gen.Int[0, 2],
            Gen.Int[1, 4]
        )
        .Select(
            (tenants, faults, budget, concurrency) =>
                new Scenario(
                    $"{tenants} tenants, budget {budget}, {concurrency} at once, {string.Join(", ", faults)}",
                    tenants,
                    new RolloutPolicy { FailureBudget = budget, Concurrency = concurrency },
                    faults.DistinctBy(fault => fault.Where).ToDictionary(fault => fault.Where, fault => fault.Fault)
                )
        );

    [Fact]
    public Task Whatever_goes_wrong_and_whenever_it_dies_a_rollout_ends_and_nobody_is_left_unserved() =>
        Gen.Select(AnyScenario, Gen.Int[17, 60], Gen.Int[0, 60])
            .SampleAsync(
                async (scenario, every, first) =>
                    await scenario.RunAsync(new CrashPlan(point => point >= first && (point - first) % every == 0)),
                iter: 300,
                threads: 1
            );

    private static IEnumerable<string> StepKindsInOrder() =>
        StepKinds.Types.Select(type => type.Name).Select(Kebab).Order(StringComparer.Ordinal);

    private static string Kebab(string name) =>
        string.Concat(
            name.Select(
                (letter, index) =>
                    char.IsUpper(letter) ? $"{(index > 0 ? "-" : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"
            )
        );

    /// <summary>Opening, the way back and tidying have no way back: there a fault must pass, or a person is needed.</summary>
    private static bool IsPossible(string kind, Fault fault) =>
        fault is Simulator.Steps.Fault.Slow
        || fault is Simulator.Steps.Fault.Flaky { Times: < UpgradeDecider.ForwardAttempts }
        || kind is not ("open" or "retire" or "swap-back" or "drop-copy" or "unfence" or "reopen" or "clean-up");
}
