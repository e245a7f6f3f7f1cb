using System.Text.Json.Serialization;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>One thing to do to one tenant. Stored by its short, stable kind, never by a type name.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Preflight), "preflight")]
[JsonDerivedType(typeof(StartGeneration), "start-generation")]
[JsonDerivedType(typeof(Baseline), "baseline")]
[JsonDerivedType(typeof(LinkFilestore), "link-filestore")]
[JsonDerivedType(typeof(Quiesce), "quiesce")]
[JsonDerivedType(typeof(Hold), "hold")]
[JsonDerivedType(typeof(Fence), "fence")]
[JsonDerivedType(typeof(Copy), "copy")]
[JsonDerivedType(typeof(Migrate), "migrate")]
[JsonDerivedType(typeof(Judge), "judge")]
[JsonDerivedType(typeof(Swap), "swap")]
[JsonDerivedType(typeof(Warm), "warm")]
[JsonDerivedType(typeof(Verify), "verify")]
[JsonDerivedType(typeof(Open), "open")]
[JsonDerivedType(typeof(Bake), "bake")]
[JsonDerivedType(typeof(Retire), "retire")]
[JsonDerivedType(typeof(SwapBack), "swap-back")]
[JsonDerivedType(typeof(DropCopy), "drop-copy")]
[JsonDerivedType(typeof(Unfence), "unfence")]
[JsonDerivedType(typeof(Reopen), "reopen")]
[JsonDerivedType(typeof(CleanUp), "clean-up")]
[JsonDerivedType(typeof(RestoreRights), "restore-rights")]
[JsonDerivedType(typeof(RestoreRoute), "restore-route")]
[JsonDerivedType(typeof(RestartGeneration), "restart-generation")]
[JsonDerivedType(typeof(ReopenGeneration), "reopen-generation")]
[JsonDerivedType(typeof(MeasureLoss), "measure-loss")]
[JsonDerivedType(typeof(Adopt), "adopt")]
[JsonDerivedType(typeof(ReturnSource), "return-source")]
public abstract record Step
{
    private protected Step() { }

    [JsonIgnore]
    public string Kind => StepKinds.Of(this);
}
