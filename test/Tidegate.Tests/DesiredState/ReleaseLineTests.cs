using System.Text;
using CsCheck;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Changes;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.DesiredState.Yaml;

namespace Tidegate.Tests.DesiredState;

/// <summary>What promoting a release changes in an environment's file, to the byte.</summary>
public sealed class ReleaseLineTests
{
    [Theory]
    [InlineData("release: 2026.11.1\n", "release: 2026.11.2\n")]
    [InlineData("# a\nrelease: 2026.11.1   # why\nsoak: 24h\n", "# a\nrelease: 2026.11.2   # why\nsoak: 24h\n")]
    [InlineData("soak: 24h\r\nrelease:   2026.11.1\r\n", "soak: 24h\r\nrelease:   2026.11.2\r\n")]
    [InlineData("release: '2026.11.1'", "release: '2026.11.2'")]
    [InlineData("release: \"2026.11.1\"", "release: \"2026.11.2\"")]
    [InlineData("\"release\": 2026.11.1", "\"release\": 2026.11.2")]
    [InlineData("{policy: careful, release: 2026.11.1}\n", "{policy: careful, release: 2026.11.2}\n")]
    [InlineData("release:\n  2026.11.1\npolicy: careful\n", "release:\n  2026.11.2\npolicy: careful\n")]
    [InlineData("policy: careful # ö\n", "policy: careful # ö\nrelease: 2026.11.2\n")]
    [InlineData("policy: careful\r\nsoak: 0s\r\n", "policy: careful\r\nsoak: 0s\r\nrelease: 2026.11.2\r\n")]
    [InlineData("policy: careful", "policy: careful\nrelease: 2026.11.2\n")]
    [InlineData("{}\n", "{release: 2026.11.2}\n")]
    [InlineData("{ policy: careful }\n", "{release: 2026.11.2,  policy: careful }\n")]
    public void Only_the_release_changes(string before, string after) => Assert.Equal(after, Changed(before));

    [Theory]
    [InlineData("release: \"2026\\x2e11.1\"\n")]
    [InlineData("release: >-\n  2026.11.1\n")]
    [InlineData("policy: careful\n...\n")]
    public void What_cannot_be_changed_without_touching_more_is_left_to_a_person(string before) =>
        Assert.Null(Changed(before));

    [Theory]
    [InlineData("2026.11", "release: \"2026.11\"\n")]
    [InlineData("1e3", "release: \"1e3\"\n")]
    [InlineData("on", "release: \"on\"\n")]
    [InlineData("null", "release: \"null\"\n")]
    public void A_name_that_another_reader_would_take_for_something_else_is_quoted(string name, string after) =>
        Assert.Equal(after, Changed("release: 2026.11.1\n", name));

    [Fact]
    public void Whatever_the_file_looks_like_everything_but_the_release_stays() =>
        Gen.Select(Lines, OneOf("2026.11.2", "2026.12", "a-b_c.d", "0", "yes"))
            .Sample(
                (lines, name) =>
                {
                    var text = string.Concat(lines);
                    var changed = Changed(text, name);

                    Assert.NotNull(changed);
                    var release = Read(changed)!.Release;
                    Assert.Equal(name, release?.Value);
                    Assert.Equal(Rest(lines), Rest(changed.Split('\n').Select(line => $"{line}\n")));
                }
            );

    /// <summary>Every line but that of the release, and blank ones at the end.</summary>
    private static string Rest(IEnumerable<string> lines) =>
        string.Concat(lines.Where(line => !line.StartsWith("release:", StringComparison.Ordinal))).TrimEnd('\n');

    private static Gen<string[]> Lines =>
        from comment in OneOf("", "# release: none\n", "\n", "   # ü\n")
        from release in OneOf("", "release: r1\n", "release:  'r1'  # it\n", "release: \"r1\"\n")
        from policy in OneOf("", "policy: careful\n", "policy: 'careful' # release: x\n")
        from upstream in OneOf("", "upstream: [staging]\n", "upstream:\n  - staging # first\n")
        from soak in OneOf("soak: 0s\n", "soak: 24h\n")
        from order in Gen.Shuffle(new[] { comment, release, policy, upstream, soak })
        select order;

    private static Gen<string> OneOf(params string[] values) =>
        Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static string? Changed(string before, string name = "2026.11.2") =>
        ReleaseLine.Change(
            Encoding.UTF8.GetBytes(before),
            Read(before) ?? throw new ArgumentException($"no environment: {before}", nameof(before)),
            new ReleaseName(name)
        )
            is { } bytes
            ? Encoding.UTF8.GetString(bytes)
            : null;

    private static DesiredEnvironment? Read(string text)
    {
        var problems = new DocumentProblems("production");
        return YamlReader.Read(Encoding.UTF8.GetBytes(text), problems) is { } root
            ? (DesiredEnvironment?)EnvironmentSchema.Schema.Read(root, new DocumentReading("production", problems))
            : null;
    }
}
