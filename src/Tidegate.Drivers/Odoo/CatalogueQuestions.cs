namespace Tidegate.Drivers.Odoo;

/// <summary>Whether the catalogue holds what the models ask for: Odoo swallows most of what it could not set.</summary>
internal static class CatalogueQuestions
{
    private const string Complete =
        "does the catalogue hold everything that the models ask for, as far as it did before?";

    public static IEnumerable<OracleAnswer> Answers(CatalogueDifference? difference) =>
        difference switch
        {
            null => [new(Complete, Verdict.Inconclusive, "the catalogue before or after the migration was not read")],
            { Worsened: [] } =>
            [
                new(
                    Complete,
                    Verdict.Pass,
                    $"nothing is missing that was not missing before ({difference.Known.Length} known)"
                ),
            ],
            _ => difference.Worsened.Select(gap => new OracleAnswer(Complete, Verdict.Fail, gap.Sentence)),
        };
}
