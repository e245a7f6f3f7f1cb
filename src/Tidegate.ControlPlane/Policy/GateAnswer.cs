using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Policy;

/// <summary>What a gate says. Only <see cref="Pass"/> lets work through.</summary>
public enum GateVerdict
{
    Pass,
    Fail,

    /// <summary>It cannot be told: something that would tell is missing.</summary>
    Inconclusive,

    /// <summary>The gate itself did not work.</summary>
    Error,
}

/// <summary>A gate's verdict on one release in one environment, with its reasons.</summary>
/// <param name="Gate">Its name, <c>soak</c>.</param>
/// <param name="Reasons">At least one, unless it passes.</param>
public sealed record GateAnswer(string Gate, GateVerdict Verdict, ImmutableArray<GateReason> Reasons)
{
    public static GateAnswer Pass(string gate) => new(gate, GateVerdict.Pass, []);

    public static GateAnswer Fail(string gate, params ImmutableArray<GateReason> reasons) =>
        new(gate, GateVerdict.Fail, reasons);

    public static GateAnswer Inconclusive(string gate, params ImmutableArray<GateReason> reasons) =>
        new(gate, GateVerdict.Inconclusive, reasons);
}

/// <summary>Why a gate does not let work through, in the words of a blocker.</summary>
/// <param name="Code">Stable, for programs: <c>soaking</c>.</param>
/// <param name="What">One sentence.</param>
/// <param name="Clears">Who can clear it.</param>
/// <param name="Next">What that person does.</param>
/// <param name="Until">When it ends by itself, or null.</param>
public sealed record GateReason(string Code, string What, string Clears, string Next, DateTimeOffset? Until = null)
{
    /// <summary>File and line in git of the rule that says so, or null.</summary>
    public string? Rule { get; init; }
}
