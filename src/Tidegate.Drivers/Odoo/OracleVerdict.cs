using System.Collections.Immutable;

namespace Tidegate.Drivers.Odoo;

/// <summary>One question of the success oracle and its answer.</summary>
/// <param name="Sentence">What was found, as one plain sentence without a full stop.</param>
public sealed record OracleAnswer(string Question, Verdict Verdict, string Sentence);

/// <summary>All answers, the most telling failure first.</summary>
/// <param name="Difference">The catalogue before and after; null when one of them is missing.</param>
public sealed record OracleVerdict(ImmutableArray<OracleAnswer> Answers, CatalogueDifference? Difference)
{
    /// <summary>Pass only when every question was answered well.</summary>
    public Verdict Verdict =>
        Answers.Any(answer => answer.Verdict is Verdict.Fail) ? Verdict.Fail
        : Answers.IsEmpty || Answers.Any(answer => answer.Verdict is not Verdict.Pass) ? Verdict.Inconclusive
        : Verdict.Pass;

    /// <summary>The one sentence that a person needs.</summary>
    public string Reason =>
        Answers.FirstOrDefault(answer => answer.Verdict is Verdict.Fail)?.Sentence
        ?? Answers.FirstOrDefault(answer => answer.Verdict is not Verdict.Pass)?.Sentence
        ?? "every question of the success oracle was answered well";
}
