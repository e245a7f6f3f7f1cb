using System.CommandLine;
using Tidegate.Cli;
using Tidegate.Server.Commands;

namespace Tidegate.Tests.Cli;

public sealed class CommandTreeTests
{
    /// <summary>Verbs that answer with no data of their own, or with a script.</summary>
    private static readonly string[] WithoutJson = ["server", "completion"];

    [Fact]
    public void Every_verb_shows_an_example_and_prints_json()
    {
        var verbs = CommandLine.Tree(LocalCommands.All(TimeProvider.System)).Subcommands.SelectMany(Verbs).ToList();

        Assert.NotEmpty(verbs);
        Assert.All(verbs, verb => Assert.Contains("Example", verb.Description, StringComparison.Ordinal));
        Assert.All(
            verbs.Where(verb => !WithoutJson.Contains(verb.Name, StringComparer.Ordinal)),
            verb => Assert.Contains(verb.Options, option => option.Name is "--json")
        );
    }

    [Theory]
    [InlineData("rollout", "start")]
    [InlineData("release", "build")]
    [InlineData("release", "show")]
    [InlineData("release", "validate")]
    [InlineData("release", "diff")]
    [InlineData("release", "block")]
    [InlineData("site", "up")]
    public async Task Every_verb_answers_help_wherever_it_comes_from(params string[] verb)
    {
        var output = new StringWriter();

        var exit = await CommandLine.RunAsync(
            [.. verb, "--help"],
            LocalCommands.All(TimeProvider.System),
            output,
            TextWriter.Null,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(ExitCodes.Done, exit);
        Assert.Contains("Example", output.ToString(), StringComparison.Ordinal);
        Assert.Matches($@"Usage:\s+\S+ {verb[0]} {verb[1]}", output.ToString());
    }

    [Theory]
    [InlineData("rollout", "satrt")]
    [InlineData("rollout", "start")]
    [InlineData("rollout", "list", "--jsno")]
    [InlineData("ledger", "list", "--since", "yesterday")]
    [InlineData("nothing")]
    [InlineData]
    public async Task A_wrong_command_line_is_a_usage_error_in_two_lines(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());

        var exit = await CommandLine.RunAsync(arguments, [], output, error, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.Usage, exit);
        Assert.Empty(output.ToString());
        Assert.Collection(
            error.ToString().Split('\n'),
            what => Assert.StartsWith("error: ", what, StringComparison.Ordinal),
            next => Assert.EndsWith("--help", next, StringComparison.Ordinal),
            Assert.Empty
        );
    }

    [Fact]
    public async Task Without_a_control_plane_the_sentence_says_where_it_was_looked_for()
    {
        var error = new StringWriter();

        var exit = await CommandLine.RunAsync(
            ["rollout", "list", "--server", "unix:/nowhere/tidegate.sock"],
            [],
            TextWriter.Null,
            error,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(ExitCodes.Unavailable, exit);
        Assert.Contains("unix:/nowhere/tidegate.sock does not answer", error.ToString(), StringComparison.Ordinal);
    }

    private static IEnumerable<Command> Verbs(Command command) =>
        command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Verbs);
}
