using System.Text.Json;
using Tidegate.Tests.Conformance;

namespace Tidegate.Tests.Calendars;

/// <summary>
/// What other systems' calendars do, transcribed: <c>windows.json</c>. Normative ones hold; where systems disagree
/// (<c>policy-choice</c>) ours is what was written down first or one of the alternatives, or it is refused; what is marked
/// as wrong (<c>reference-quirk</c>) is answered with what was recommended instead.
/// </summary>
[Trait("Suite", "conformance")]
public sealed class WindowVectorTests
{
    private const string FileName = "windows.json";

    public static TheoryData<string> Ids
    {
        get
        {
            var ids = new TheoryData<string>();
            foreach (var vector in All())
            {
                ids.Add(Id(vector));
            }

            if (ids.Count == 0)
            {
                ids.Add("none");
            }

            return ids;
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Our_calendars_say_what_the_vector_says(string id)
    {
        Assert.SkipWhen(id is "none", VectorFile.Missing);
        var vector = All().Single(candidate => Id(candidate) == id);
        var said = WindowVector.Answer(Kind(vector), vector.GetProperty("input"));
        Assert.True(
            Accepted(vector).Any(expected => VectorExpectation.Agrees(said, expected)),
            $"ours says {said}, expected was {vector.GetProperty("expected")}"
        );
    }

    [Fact]
    public void It_is_told_how_many_of_each_kind_there_are()
    {
        var all = All().ToList();
        Assert.SkipWhen(all.Count == 0, VectorFile.Missing);
        foreach (
            var kind in all.GroupBy(vector => (Kind: Kind(vector), Status: Status(vector))).OrderBy(kind => kind.Key)
        )
        {
            Console.WriteLine($"{FileName}: {kind.Count(), 4} {kind.Key.Kind} ({kind.Key.Status})");
        }
    }

    private static IEnumerable<JsonElement> All() =>
        VectorFile.Read(FileName) is { } file
            ? file.GetProperty("vectors")
                .EnumerateArray()
                .Concat(file.TryGetProperty("derivedVectors", out var derived) ? derived.EnumerateArray() : default)
            : [];

    private static IEnumerable<JsonElement> Accepted(JsonElement vector)
    {
        var isChoice = Status(vector) is "policy-choice";
        yield return Status(vector) is "reference-quirk" && vector.TryGetProperty("recommendedExpected", out var right)
            ? right
            : vector.GetProperty("expected");
        if (isChoice && vector.TryGetProperty("alternatives", out var alternatives))
        {
            foreach (var alternative in alternatives.EnumerateObject())
            {
                yield return VectorExpectation.InPlaceOf(vector.GetProperty("expected"), alternative.Value);
            }
        }

        if (isChoice)
        {
            yield return WindowVector.Refused;
        }
    }

    private static string Id(JsonElement vector) => vector.GetProperty("id").GetString()!;

    private static string Kind(JsonElement vector) => vector.GetProperty("kind").GetString()!;

    private static string Status(JsonElement vector) => vector.GetProperty("status").GetString()!;
}
