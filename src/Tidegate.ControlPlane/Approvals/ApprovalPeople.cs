using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Approvals;

/// <summary>Who is behind a name.</summary>
internal static class ApprovalPeople
{
    /// <summary>The person behind an account, an address or a key; the name itself where nobody in the fleet has it.</summary>
    public static string Of(this People people, string name) =>
        (people.OfAccount(name) ?? people.OfEmail(name) ?? people.OfKey(name))?.Name ?? name;

    /// <summary>Whether a person's agreement can be one of those that a requirement asks for.</summary>
    public static bool MayMeet(this People people, string person, ApprovalRequirement requirement) =>
        requirement.From.Concat(requirement.Including).Any(name => people.Means(name, person));

    /// <summary>Why it cannot be told for certain whose work it is; null when it can. A name that is nobody's may be another account of whoever agrees.</summary>
    public static string? Unknown(this ApprovalFacts facts) =>
        facts.Authors.Unknown
        ?? (
            facts
                .Requesters.Concat(facts.Authors.Names)
                .FirstOrDefault(name =>
                    facts.People.OfAccount(name) is null
                    && facts.People.OfEmail(name) is null
                    && facts.People.OfKey(name) is null
                )
                is { } stranger
                ? $"{stranger} is no account, address or key of a person of the fleet."
                : null
        );
}
