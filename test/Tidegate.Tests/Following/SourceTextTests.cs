using CsCheck;
using Tidegate.ControlPlane.Following;

namespace Tidegate.Tests.Following;

public sealed class SourceTextTests
{
    [Fact]
    public void Whatever_was_written_is_shown_on_one_line_of_bounded_length() =>
        Gen.Select(Gen.String, Gen.Int[1, 30])
            .Sample(
                (text, most) =>
                {
                    var shown = SourceText.Shown(text, most);
                    return shown.Length <= most && !shown.Any(char.IsControl);
                }
            );

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "ab…")]
    [InlineData(" abc\n", 3, "abc")]
    [InlineData("🙂🙂", 3, "🙂…")]
    public void It_is_cut_between_letters(string text, int most, string shown) =>
        Assert.Equal(shown, SourceText.Shown(text, most));
}
