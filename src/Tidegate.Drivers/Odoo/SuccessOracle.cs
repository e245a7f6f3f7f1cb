using System.Collections.Immutable;

namespace Tidegate.Drivers.Odoo;

/// <summary>
/// Says whether a migration worked. Odoo's exit code, its log, its module table and the catalogue each miss failures
/// that another of them shows, so every question must be answered well. Questions are asked in the order in which
/// their answers explain a failure best.
/// </summary>
public static class SuccessOracle
{
    public static OracleVerdict Judge(MigrationFacts facts)
    {
        var difference = facts is { Before: { } before, After: { } after }
            ? CatalogueComparison.Compare(before, after)
            : null;
        ImmutableArray<OracleAnswer> answers = facts.Modules.IsEmpty
            ? [ModuleQuestions.States(facts), .. CatalogueQuestions.Answers(difference)]
            :
            [
                ProcessQuestions.Answer(facts.Job, facts.Log),
                .. CatalogueQuestions.Answers(difference),
                .. LogQuestions.Answers(facts),
                .. ModuleQuestions.Answers(facts),
            ];
        return new([.. answers.OrderBy(answer => answer.Verdict is Verdict.Pass)], difference);
    }
}
