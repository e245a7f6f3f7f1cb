using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.DesiredState.Reading;

/// <summary>What an emergency may go past is there: a rule that is misspelt would be found out about at three in the morning.</summary>
internal static class EmergencyChecks
{
    public static void Check(FleetObjects fleet, FirstProblems problems)
    {
        var rules = new RuleNames(fleet);
        foreach (var (document, policy) in fleet.Read<EnvironmentPolicy>(Folders.Policies))
        {
            for (var item = 0; item < policy.Emergency.Overrides.Length; item++)
            {
                var named = policy.Emergency.Overrides[item];
                // A pattern may be there for rules that are yet to come.
                if (
                    RuleOverrides.IsRule(named)
                    && named.IndexOfAny(['*', '?']) < 0
                    && rules.Problem(named) is var (what, suggestion)
                )
                {
                    problems.Add(document, document.PlaceAt("emergency", "overrides", item), what, suggestion);
                }
            }
        }
    }
}
