using Tidegate.Demo;

namespace Tidegate.Tests.Demo;

public sealed class DemoOptionsTests
{
    [Theory]
    [InlineData("--jsno", "x")]
    [InlineData("--story", "another")]
    [InlineData("--releases", "/no/such/folder")]
    public async Task What_nobody_knows_is_a_usage_error_and_nothing_is_done(string option, string value) =>
        Assert.Equal(
            64,
            await DemoOptions.RunAsync(
                [option, value],
                (_, _) => throw new InvalidOperationException("nothing was to be done"),
                TestContext.Current.CancellationToken
            )
        );

    [Fact]
    public async Task The_demo_ends_with_what_its_story_ended_with() =>
        Assert.Equal(
            7,
            await DemoOptions.RunAsync(
                ["--json", "report.json"],
                (options, _) => Task.FromResult(options.Json!.Name == "report.json" ? 7 : 0),
                TestContext.Current.CancellationToken
            )
        );
}
