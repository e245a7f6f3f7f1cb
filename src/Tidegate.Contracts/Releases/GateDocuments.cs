namespace Tidegate.Contracts.Releases;

/// <summary>What a gate says.</summary>
/// <param name="Gate">Its name: <c>configuration</c>.</param>
/// <param name="Verdict"><c>pass</c>, <c>fail</c>, <c>inconclusive</c> or <c>error</c>; only the first lets work through.</param>
public sealed record GateView(string Gate, string Verdict, IReadOnlyList<GateReasonView> Reasons);

/// <summary>Why it says so.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Clears">Who can clear it.</param>
/// <param name="Next">What that person does.</param>
public sealed record GateReasonView(string Code, string What, string Clears, string Next);
