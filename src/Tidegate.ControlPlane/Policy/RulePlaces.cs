namespace Tidegate.ControlPlane.Policy;

/// <summary>Where in git the rule stands that makes a gate be asked.</summary>
public static class RulePlaces
{
    /// <summary>File and line, or null where no rule is written: the gate holds whatever git says.</summary>
    public static string? Of(EnvironmentTerms terms, string gate) => terms.Places.GetValueOrDefault(Key(gate));

    /// <summary>The answer with the place of its rule, where a reason does not name its own.</summary>
    public static GateAnswer At(this GateAnswer answer, EnvironmentTerms? terms) =>
        terms is not null && Of(terms, answer.Gate) is { } place
            ? answer with
            {
                Reasons = [.. answer.Reasons.Select(reason => reason with { Rule = reason.Rule ?? place })],
            }
            : answer;

    /// <summary>The key of a policy or an environment, by the name of a gate. What is not asked by a key is asked of what <c>release</c> says.</summary>
    private static string Key(string gate) =>
        gate switch
        {
            "validation" or "capability" or "configuration" or "parity" or "drilled" => $"gates.{gate}",
            "protected" => "protection",
            "approved" => "approvals",
            "busy" => "whenBusy",
            "upstream" or "soak" or "start" => gate,
            _ => "release",
        };
}
