using System.Collections.Immutable;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Approvals;

/// <summary>Everything that the question "is this approved?" depends on, read once, as values.</summary>
/// <param name="Requirements">Those of the policy that speak of this work.</param>
/// <param name="Requesters">Who asked for it, by the names that they acted under: <c>ann</c>, <c>os/1000</c>.</param>
/// <param name="Statements">Everything that was said of it and not taken back, also of a plan that was another.</param>
public sealed record ApprovalFacts(
    ImmutableArray<ApprovalRequirement> Requirements,
    People People,
    ApprovalBinding Binding,
    ImmutableArray<string> Requesters,
    Authorship Authors,
    ImmutableArray<ApprovalStatement> Statements,
    ImmutableArray<Delegation> Delegations
);

/// <summary>Who wrote what the release brings.</summary>
/// <param name="Names">Whoever is said to have: names of people or accounts, addresses, fingerprints of keys. None of them counts, proven or not.</param>
/// <param name="Unknown">Why it cannot be told for certain, one sentence; null where a signature or the forge proves it.</param>
public sealed record Authorship(ImmutableArray<string> Names, string? Unknown);

/// <summary>To what an approval is bound. When any of it changes, the approval is void.</summary>
/// <param name="Plan">The plan's hash.</param>
/// <param name="Targets">The hash of who is to be changed, from which release, in which order.</param>
/// <param name="Policy">The version of the environment's policy.</param>
public sealed record ApprovalBinding(string Plan, string Digest, string Targets, string Policy)
{
    /// <summary>What is another now than in <paramref name="then"/>; empty when nothing is.</summary>
    public ImmutableArray<string> ChangedSince(ApprovalBinding then)
    {
        var changed = ImmutableArray.CreateBuilder<string>();
        Add(changed, "the release's digest", then.Digest, Digest);
        Add(changed, "the targets", then.Targets, Targets);
        Add(changed, "the policy", then.Policy, Policy);
        Add(changed, "the plan", then.Plan, Plan);
        return changed.ToImmutable();
    }

    private static void Add(ImmutableArray<string>.Builder changed, string what, string then, string now)
    {
        if (!string.Equals(then, now, StringComparison.Ordinal))
        {
            changed.Add(what);
        }
    }
}

/// <summary>What somebody said of work that asks for approval.</summary>
/// <param name="By">The name under which it was said.</param>
/// <param name="IsService">It was said by a service account: it counts for nothing.</param>
/// <param name="Until">When an approval ends; a rejection stands until it is taken back.</param>
/// <param name="Reason">Why; a rejection has one.</param>
public sealed record ApprovalStatement(
    ApprovalSaid Said,
    string By,
    bool IsService,
    DateTimeOffset At,
    DateTimeOffset Until,
    string? Reason,
    ApprovalBinding Binding
);

/// <summary>Yes or no. Stored by name.</summary>
public enum ApprovalSaid
{
    Approved,
    Rejected,
}

/// <summary>While it lasts, somebody may agree in another's place.</summary>
/// <param name="From">The person whose place it is.</param>
/// <param name="To">The person who may take it.</param>
public sealed record Delegation(string From, string To, DateTimeOffset Begins, DateTimeOffset Ends);
