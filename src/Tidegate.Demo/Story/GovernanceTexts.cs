using System.Globalization;

namespace Tidegate.Demo.Story;

/// <summary>The files that say who has to agree, when nothing starts, and what an emergency may go past.</summary>
internal static class GovernanceTexts
{
    public const string Freeze = "trading/black-friday";

    /// <summary>Whoever writes the commits, and the shops' managers.</summary>
    public static IReadOnlyList<(string Path, string Text)> Rules { get; } =
    [
        (
            "tidegate.yaml",
            """
            organisation: Demo Shops
            people:
              - {name: ada, emails: [ada@shops.example]}
              - {name: bo}
              - {name: eva}
              - {name: olav}
            groups:
              - {name: managers, members: [ada, bo, eva, olav]}

            """
        ),
        (
            $"policies/{FleetTexts.Policy}.yaml",
            """
            rollout:
              concurrency: 1
            approvals:
              requirements:
                - {name: two-managers, count: 2, from: [managers]}
            emergency:
              overrides: [approved, "freeze:trading/*"]
              secondWithin: 4h

            """
        ),
    ];

    /// <summary>The week in which nothing starts: now, or not before next year.</summary>
    public static (string Path, string Text) Frozen(DateTimeOffset now, bool isOn)
    {
        var from = isOn ? now.AddDays(-1) : now.AddDays(300);
        return (
            "calendars/trading.yaml",
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                timeZone: UTC
                rules:
                  - name: black-friday
                    effect: freeze
                    scope: {environments: [{{StoryFleet.Production}}]}
                    when: {from: {{from:yyyy-MM-dd}}, to: {{from.AddDays(3):yyyy-MM-dd}}}

                """
            )
        );
    }
}
