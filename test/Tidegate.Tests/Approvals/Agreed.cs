using System.Collections.Immutable;
using Tidegate.ControlPlane.Approvals;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.Tests.Approvals;

/// <summary>Facts for tests: rita asked, ann wrote it, and two of the shop's people have to agree.</summary>
internal static class Agreed
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    public static readonly ApprovalBinding Plan = new("sha256:plan", "sha256:release", "sha256:targets", "policy/1");

    public static readonly People People = new(
        [
            new("ann")
            {
                Accounts = ["ann-admin"],
                Emails = ["ann@example.com"],
                Keys = ["SHA256:ann"],
            },
            new("bo") { Accounts = ["bo-admin", "os/1000"] },
            new("cy"),
            new("dee"),
            new("rita"),
        ],
        [new("shop", ["ann", "bo", "cy", "rita"]), new("safety", ["cy", "dee"])]
    );

    public static readonly ApprovalRequirement TwoOfTheShop = new("shop-managers") { Count = 2, From = ["shop"] };

    public static readonly ApprovalRequirement OneOfSafety = new("safety") { From = ["safety"] };

    public static readonly ApprovalFacts Facts = new(
        [TwoOfTheShop],
        People,
        Plan,
        ["rita"],
        new(["ann@example.com"], Unknown: null),
        [],
        []
    );

    public static ApprovalStatement By(string who, DateTimeOffset? at = null) =>
        new(
            ApprovalSaid.Approved,
            who,
            IsService: false,
            at ?? Noon,
            (at ?? Noon) + ApprovalPolicy.DefaultExpiry,
            Reason: null,
            Plan
        );

    public static ApprovalFacts With(this ApprovalFacts facts, params ImmutableArray<ApprovalStatement> statements) =>
        facts with
        {
            Statements = facts.Statements.AddRange(statements),
        };

    public static ApprovalFacts Asking(
        this ApprovalFacts facts,
        params ImmutableArray<ApprovalRequirement> requirements
    ) => facts with { Requirements = requirements };

    public static ApprovalOutcome Ask(this ApprovalFacts facts, DateTimeOffset? now = null) =>
        ApprovedGate.Ask(facts, now ?? Noon.AddMinutes(1));

    public static GateVerdict Verdict(this ApprovalFacts facts, DateTimeOffset? now = null) =>
        facts.Ask(now).Answer.Verdict;
}
