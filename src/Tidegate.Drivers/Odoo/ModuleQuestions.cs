namespace Tidegate.Drivers.Odoo;

/// <summary>Whether every module arrived at its version, and none is left half-way.</summary>
internal static class ModuleQuestions
{
    private const string Settled = "is no module left in a state of transition?";
    private const string Arrived = "does every updated module have the release's version?";

    public static IEnumerable<OracleAnswer> Answers(MigrationFacts facts) => Versions(facts).Prepend(States(facts));

    public static OracleAnswer States(MigrationFacts facts)
    {
        if (facts.After is not { Modules.IsEmpty: false } after)
        {
            return new(Settled, Verdict.Inconclusive, "the module table after the migration was not read");
        }

        var left = after.Modules.Where(module => module.Value.IsTransient).ToList();
        return left.Count == 0
            ? new(Settled, Verdict.Pass, "no module is in transition")
            : new(
                Settled,
                Verdict.Fail,
                $"left unfinished: {string.Join(", ", left.Select(module => $"{module.Key} ({module.Value.State})"))}"
            );
    }

    private static List<OracleAnswer> Versions(MigrationFacts facts)
    {
        if (facts.ExpectedVersions is not { } expected || facts.After is not { } after)
        {
            return [new(Arrived, Verdict.Inconclusive, "the release's versions are not known")];
        }

        var wrong = facts
            .Modules.Select(module =>
                Wrong(module, expected.GetValueOrDefault(module), after.Modules.GetValueOrDefault(module))
            )
            .OfType<OracleAnswer>()
            .ToList();
        return wrong.Count > 0
            ? wrong
            : [new(Arrived, Verdict.Pass, $"{facts.Modules.Length} modules have the release's version")];
    }

    private static OracleAnswer? Wrong(string module, string? expected, ModuleState? found) =>
        (expected, found) switch
        {
            (null, _) => new(Arrived, Verdict.Fail, $"the release has no module {module}"),
            (_, null) => new(Arrived, Verdict.Fail, $"{module} is not installed after the migration"),
            _ when string.Equals(found.Version, expected, StringComparison.Ordinal) => null,
            _ => new(
                Arrived,
                Verdict.Fail,
                $"{module} should be at {expected} but is at {found.Version ?? "no version"}"
            ),
        };
}
