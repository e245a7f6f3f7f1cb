using Tidegate.Contracts.Blockers;

namespace Tidegate.Contracts.Why;

/// <summary>Why something does not move: itself, then what it waits for, and what that waits for.</summary>
/// <param name="Object">What was asked about: <c>tenant/shop-oslo</c>.</param>
/// <param name="IsBlocked">Whether anything in the chain is blocked.</param>
/// <param name="IsWhole">False where the chain goes on beyond what is told.</param>
public sealed record WhyView(string Object, bool IsBlocked, bool IsWhole, IReadOnlyList<WhyLinkView> Chain);

/// <summary>One link of the chain.</summary>
/// <param name="What">How it stands, one sentence.</param>
/// <param name="Blockers">What keeps it from moving, the oldest first.</param>
/// <param name="WaitsFor">Links further on, by subject.</param>
public sealed record WhyLinkView(
    string Subject,
    string What,
    IReadOnlyList<BlockerView> Blockers,
    IReadOnlyList<string> WaitsFor
);
