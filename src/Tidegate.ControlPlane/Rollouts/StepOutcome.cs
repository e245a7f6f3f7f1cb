using System.Text.Json.Serialization;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>What came of a step.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "outcome")]
[JsonDerivedType(typeof(Done), "done")]
[JsonDerivedType(typeof(NotYet), "not_yet")]
[JsonDerivedType(typeof(PutOff), "put_off")]
[JsonDerivedType(typeof(Failed), "failed")]
[JsonDerivedType(typeof(Unknown), "unknown")]
public abstract record StepOutcome
{
    private StepOutcome() { }

    /// <summary>One sentence for people: what was done, or what is wrong, where, and what came back.</summary>
    public abstract string Summary { get; }

    /// <summary>The effect is there.</summary>
    public sealed record Done(string Did) : StepOutcome
    {
        public override string Summary => Did;
    }

    /// <summary>Not finished; the engine calls again after <paramref name="RetryAfter"/>. Holds no thread and no lease meanwhile.</summary>
    public sealed record NotYet(TimeSpan RetryAfter, string Reason) : StepOutcome
    {
        public override string Summary => Reason;
    }

    /// <summary>The tenant is busy beyond a bound. Nothing is wrong with the release: the tenant goes back unharmed and is tried another time.</summary>
    public sealed record PutOff(string Reason) : StepOutcome
    {
        public override string Summary => Reason;
    }

    /// <summary>The step found that the release must not go on here. The tenant goes back.</summary>
    /// <param name="Evidence">Where the proof is: a path below the site's <c>evidence</c> folder, or null.</param>
    public sealed record Failed(string Reason, string? Evidence = null) : StepOutcome
    {
        public override string Summary => Reason;
    }

    /// <summary>It cannot be told whether the effect happened, or this control plane is old. The rollout asks a person; nothing is undone.</summary>
    public sealed record Unknown(string Reason) : StepOutcome
    {
        public override string Summary => Reason;
    }
}
