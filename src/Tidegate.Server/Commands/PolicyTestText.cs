using System.Collections.Immutable;
using Tidegate.ControlPlane.PolicyCases;

namespace Tidegate.Server.Commands;

/// <summary>What came of cases, for people.</summary>
internal static class PolicyTestText
{
    private const string Indent = "      ";

    public static void Write(TextWriter output, ImmutableArray<CaseOutcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            output.WriteLine(
                $"{(outcome.Holds ? "pass" : "FAIL")}  {outcome.Place}  {outcome.Case.Name}{Whose(outcome)}"
            );
            foreach (var difference in outcome.Differences)
            {
                output.WriteLine(
                    $"{Indent}{difference.What}: expected {difference.Expected}, got {difference.Got}{At(difference.Rule)}"
                );
            }

            foreach (var rule in outcome.Rules)
            {
                output.WriteLine($"{Indent}{rule.Name}: {rule.What}{At(rule.Rule)}");
            }
        }

        var failed = outcomes.Count(outcome => !outcome.Holds);
        output.WriteLine(FormattableString.Invariant($"{outcomes.Length - failed} passed, {failed} failed"));
    }

    private static string Whose(CaseOutcome outcome) =>
        outcome switch
        {
            { Tenant: null } => "",
            { Tenant: var tenant, Others: 0 } => $" ({tenant})",
            { Tenant: var tenant } => FormattableString.Invariant($" ({tenant} and {outcome.Others} more)"),
        };

    private static string At(string? rule) => rule is null ? "" : $" ({rule})";
}
