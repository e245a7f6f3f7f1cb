namespace Tidegate.Contracts.Releases;

/// <summary>Asks the control plane to judge a registered release by its files.</summary>
/// <param name="From">The registered release that it replaces; null judges it alone.</param>
public sealed record RequestValidation(string? From = null);

/// <summary>One judging of a release.</summary>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>ended</c>, <c>failed</c>.</param>
/// <param name="Errors">Findings by severity; null until it has ended.</param>
/// <param name="Class">The proposed class, <c>A</c> to <c>E</c>; null without a release before.</param>
/// <param name="Failure">Why it could not be done.</param>
public sealed record ValidationView(
    string Id,
    string Release,
    string? From,
    string State,
    DateTimeOffset RequestedAt,
    string RequestedBy,
    DateTimeOffset? EndedAt,
    int? Errors,
    int? Warnings,
    int? Infos,
    string? Class,
    string? Failure
);

/// <summary>A judging and, once it has ended, all that it found.</summary>
public sealed record ValidationDetails(ValidationView Validation, ValidationReport? Report);

/// <summary>What validating a release came to.</summary>
/// <param name="Schema"><c>tidegate.validation/1</c>; keys are added to it and none is taken away.</param>
/// <param name="Outcome"><c>pass</c>, or <c>fail</c> with at least one error.</param>
/// <param name="Odoo">The core's version; null when there is no Odoo.</param>
/// <param name="Modules">How many were judged.</param>
/// <param name="Addons">Those of them that are not Odoo's own.</param>
public sealed record ValidationReport(
    string Schema,
    string Outcome,
    string? Odoo,
    int Modules,
    int Errors,
    int Warnings,
    ProposalView? Proposal,
    IReadOnlyList<FindingView> Findings,
    int Infos = 0,
    IReadOnlyList<GateVerdictView>? Gates = null,
    IReadOnlyList<string>? Addons = null
)
{
    public const string CurrentSchema = "tidegate.validation/1";
}

/// <summary>What one gate said.</summary>
/// <param name="Verdict"><c>pass</c>, <c>fail</c>, <c>inconclusive</c>.</param>
/// <param name="Reason">Why it is neither pass nor fail; null when it is.</param>
public sealed record GateVerdictView(string Gate, string Verdict, int Errors, int Warnings, int Infos, string? Reason);

public sealed record ProposalView(string Class, IReadOnlyList<EvidenceView> Evidence);

/// <summary>One reason for a class.</summary>
public sealed record EvidenceView(string Class, string What, string? Module, string? File, int? Line);

/// <summary>One thing that a gate found; <c>docs/gates.md</c> explains each code.</summary>
/// <param name="Severity"><c>error</c>, <c>warning</c>, <c>info</c>.</param>
public sealed record FindingView(
    string Code,
    string Severity,
    string What,
    string Why,
    string Mend,
    string? Module,
    string? File,
    int? Line
);
