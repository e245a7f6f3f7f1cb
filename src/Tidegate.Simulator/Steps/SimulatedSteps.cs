using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Simulator.Steps;

/// <summary>The simulated handler of every step, in one list.</summary>
internal static class SimulatedSteps
{
    public static StepHandlers All(Hands hands) =>
        new StepHandlers.Builder()
            .Add(On<Preflight>(Preparing.PreflightAsync, hands))
            .Add(On<StartGeneration>(Preparing.StartGenerationAsync, hands))
            .Add(On<Baseline>(Preparing.BaselineAsync, hands))
            .Add(On<LinkFilestore>(Preparing.LinkFilestoreAsync, hands))
            .Add(On<Quiesce>(Preparing.QuiesceAsync, hands))
            .Add(On<Hold>(Preparing.HoldAsync, hands))
            .Add(On<Fence>(Changing.FenceAsync, hands))
            .Add(On<Copy>(Changing.CopyAsync, hands))
            .Add(On<Migrate>(Changing.MigrateAsync, hands))
            .Add(On<Judge>(Changing.JudgeAsync, hands))
            .Add(On<Swap>(Changing.SwapAsync, hands))
            .Add(On<Warm>(Opening.WarmAsync, hands))
            .Add(On<Verify>(Opening.VerifyAsync, hands))
            .Add(On<Open>(Opening.OpenAsync, hands))
            .Add(On<Bake>(Opening.BakeAsync, hands))
            .Add(On<Retire>(Opening.RetireAsync, hands))
            .Add(On<SwapBack>(GoingBack.SwapBackAsync, hands))
            .Add(On<DropCopy>(GoingBack.DropCopyAsync, hands))
            .Add(On<Unfence>(GoingBack.UnfenceAsync, hands))
            .Add(On<Reopen>(GoingBack.ReopenAsync, hands))
            .Add(On<CleanUp>(GoingBack.CleanUpAsync, hands))
            .Add(On<RestoreRights>(Healing.RestoreRightsAsync, hands))
            .Add(On<RestoreRoute>(Healing.RestoreRouteAsync, hands))
            .Add(On<RestartGeneration>(Healing.RestartGenerationAsync, hands))
            .Add(On<ReopenGeneration>(Healing.ReopenGenerationAsync, hands))
            .Add(On<MeasureLoss>(Restoring.MeasureLossAsync, hands))
            .Add(On<Adopt>(Restoring.AdoptAsync, hands))
            .Add(On<ReturnSource>(Restoring.ReturnSourceAsync, hands))
            .Build();

    private static SimulatedHandler<TStep> On<TStep>(SimulatedStep<TStep> act, Hands hands)
        where TStep : Step => new(act, hands);
}
