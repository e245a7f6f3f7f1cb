using System.Collections.Immutable;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Tidegate.ControlPlane.Catalog;

/// <summary>What a release's makers declare. Not part of the digest; fixed with the name.</summary>
/// <param name="DeclaredPriceChanges">
/// Product references (<c>default_code</c>) whose price will change on purpose; <c>*</c> for any. The price journey
/// takes every other difference as a failure.
/// </param>
/// <param name="Summary">One line for people, or empty.</param>
public sealed partial record ReleaseNotes(ImmutableArray<string> DeclaredPriceChanges, string Summary = "")
{
    public static readonly ReleaseNotes None = new([]);

    private const int LongestLine = 500;
    private const int MostLines = 1000;

    /// <summary>What else behaves otherwise on purpose, a sentence each, for people.</summary>
    public ImmutableArray<string> DeclaredBehaviourChanges { get; init; } = [];

    /// <summary>
    /// Tables and columns (<c>table.column</c>) that go on purpose, with what is in them: a rehearsal takes the loss of
    /// every other one with data in it as a failure.
    /// </summary>
    public ImmutableArray<string> DeclaredDrops { get; init; } = [];

    /// <summary>Null when the notes may be kept; otherwise one sentence that says what is wrong.</summary>
    public string? Refusal()
    {
        if (DeclaredPriceChanges.IsDefault || DeclaredBehaviourChanges.IsDefault || DeclaredDrops.IsDefault)
        {
            return "a list of the release notes is null: leave it out, or write [].";
        }

        var lines = DeclaredPriceChanges.Concat(DeclaredBehaviourChanges).Concat(DeclaredDrops).ToList();
        return lines.Count > MostLines
                ? $"the release notes have {lines.Count} lines, {MostLines} is the most: shorten them."
            : lines.Any(string.IsNullOrWhiteSpace) ? "a line of the release notes is empty: leave it out."
            : lines.Append(Summary).Select(LineRefusal).FirstOrDefault(refusal => refusal is not null)
                ?? (
                    DeclaredDrops.FirstOrDefault(drop => !TableOrColumn().IsMatch(drop)) is { } wrong
                        ? $"\"{wrong}\" is no table and no column that could be dropped: write sale_order or sale_order.note."
                        : null
                );
    }

    public bool Equals(ReleaseNotes? other) =>
        other is not null
        && DeclaredPriceChanges.SequenceEqual(other.DeclaredPriceChanges, StringComparer.Ordinal)
        && DeclaredBehaviourChanges.SequenceEqual(other.DeclaredBehaviourChanges, StringComparer.Ordinal)
        && DeclaredDrops.SequenceEqual(other.DeclaredDrops, StringComparer.Ordinal)
        && Summary == other.Summary;

    public override int GetHashCode() =>
        HashCode.Combine(DeclaredPriceChanges.Length, DeclaredBehaviourChanges.Length, DeclaredDrops.Length, Summary);

    /// <summary>Null for a text that may be kept and shown as one line; otherwise one sentence.</summary>
    internal static string? LineRefusal(string? line) =>
        line is null ? "a line of the release notes is null: leave it out."
        : line.Length > LongestLine ? $"\"{line[..40]}…\" is longer than {LongestLine} characters: shorten it."
        : line.Any(char.IsControl) ? "a line has a control character or a line break in it: write one line of text."
        : null;

    [GeneratedRegex(
        @"\A[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex TableOrColumn();
}

/// <summary>How much a release's makers think can go wrong.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RiskLevel>))]
public enum RiskLevel
{
    [JsonStringEnumMemberName("low")]
    Low,

    [JsonStringEnumMemberName("normal")]
    Normal,

    [JsonStringEnumMemberName("high")]
    High,
}

/// <summary>The makers' judgement of a release. Fixed with the name.</summary>
/// <param name="Reason">One line; may be empty for <see cref="RiskLevel.Normal"/> alone.</param>
public sealed record ReleaseRisk(RiskLevel Level, string Reason = "")
{
    public static readonly ReleaseRisk Normal = new(RiskLevel.Normal);

    /// <summary>As it is written everywhere: <c>low</c>, <c>normal</c>, <c>high</c>.</summary>
    public static string Word(RiskLevel level) =>
        level switch
        {
            RiskLevel.Low => "low",
            RiskLevel.Normal => "normal",
            RiskLevel.High => "high",
        };

    /// <summary>The level of that word, or null.</summary>
    public static RiskLevel? Parse(string word) =>
        word switch
        {
            "low" => RiskLevel.Low,
            "normal" => RiskLevel.Normal,
            "high" => RiskLevel.High,
            _ => null,
        };

    /// <summary>Null when it may be kept; otherwise one sentence that says what is wrong.</summary>
    public string? Refusal() =>
        Level is not RiskLevel.Normal && string.IsNullOrWhiteSpace(Reason)
            ? $"a risk of {Word(Level)} needs a reason."
            : ReleaseNotes.LineRefusal(Reason);
}
