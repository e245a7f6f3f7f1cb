using System.Diagnostics;
using System.Text;
using Tidegate.ControlPlane.Access;

namespace Tidegate.Tests.Access;

/// <summary>Tokens and passwords: what is stored of them tells nothing, and comparing them tells nothing either.</summary>
public sealed class SecretTests
{
    [Fact]
    public void A_token_is_read_back_as_it_was_made()
    {
        var made = TokenText.Create();

        var read = TokenText.Read(made.Text)!;

        Assert.Equal(made.Id, read.Id);
        Assert.True(read.Matches(made.Hash));
        Assert.False(TokenText.Create().Matches(made.Hash));
    }

    [Fact]
    public void A_token_as_text_for_logs_has_no_secret_in_it()
    {
        var made = TokenText.Create();

        Assert.DoesNotContain(made.Text[^43..], $"{made}", StringComparison.Ordinal);
        Assert.DoesNotContain(made.Text[^43..], Encoding.UTF8.GetString(made.Hash), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tidegate_")]
    [InlineData("tidegate_0123456789abcdef_short")]
    [InlineData("hunter2")]
    public void What_is_no_token_is_not_read_as_one(string text) => Assert.Null(TokenText.Read(text));

    [Fact]
    public void A_password_is_matched_by_itself_alone()
    {
        var stored = PasswordHash.Of("correct horse battery");

        Assert.True(PasswordHash.Matches(stored, "correct horse battery"));
        Assert.False(PasswordHash.Matches(stored, "correct horse batterz"));
        Assert.False(PasswordHash.Matches(null, "correct horse battery"));
        Assert.NotEqual(stored, PasswordHash.Of("correct horse battery"));
    }

    [Fact]
    public void Whether_there_is_such_a_person_does_not_show_in_the_time()
    {
        PasswordHash.Matches(null, "warm up");

        // Without the work it would take microseconds; how long the work takes depends on who else is at work.
        Assert.True(Fastest(() => PasswordHash.Matches(null, "wrong")) > 10);
    }

    [Theory]
    [InlineData("short", "12 characters")]
    [InlineData("aaaaaaaaaaaaaaaa", "different")]
    public void A_weak_password_is_refused(string password, string why) =>
        Assert.Contains(why, PasswordHash.Refusal(password), StringComparison.Ordinal);

    private static double Fastest(Action act) =>
        Enumerable
            .Range(0, 5)
            .Min(_ =>
            {
                var began = Stopwatch.GetTimestamp();
                act();
                return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            });
}
