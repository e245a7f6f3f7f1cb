using System.Collections.Immutable;
using Tidegate.ControlPlane.Blockers;

namespace Tidegate.ControlPlane.Why;

/// <summary>An object on the way to an answer.</summary>
/// <param name="Subject">As blockers name it: <c>tenant/shop-oslo</c>.</param>
/// <param name="What">How it stands, one sentence.</param>
public sealed record WhyLink(string Subject, string What)
{
    /// <summary>What keeps it from moving.</summary>
    public ImmutableArray<Blocker> Blockers { get; init; } = [];

    /// <summary>Whose blockers are also its own: those of a tenant's pool.</summary>
    public ImmutableArray<string> Beside { get; init; } = [];

    /// <summary>Subjects that have to move before it does.</summary>
    public ImmutableArray<string> WaitsFor { get; init; } = [];
}

/// <summary>What came of asking why.</summary>
public abstract record WhyAnswer
{
    private WhyAnswer() { }

    /// <param name="Chain">The object itself first; each once.</param>
    /// <param name="IsWhole">False where the chain goes on.</param>
    public sealed record Told(ImmutableArray<WhyLink> Chain, bool IsWhole) : WhyAnswer;

    public sealed record Unknown : WhyAnswer;

    /// <summary>Several objects have that name.</summary>
    public sealed record Ambiguous(ImmutableArray<WhySubject> Subjects) : WhyAnswer;
}
