using Tidegate.Cli;
using Tidegate.ControlPlane.DesiredState.Reading;
using Tidegate.Server.Commands;
using Tidegate.TestKit;

namespace Tidegate.Tests.Cli;

/// <summary>What <c>tidegate policy test</c> prints.</summary>
public sealed class PolicyTestGoldenTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tg-golden-").FullName;

    public PolicyTestGoldenTests()
    {
        foreach (var fleet in new[] { "good", "failing", "broken", "empty" })
        {
            foreach (var (path, text) in ExampleFleet.Files)
            {
                Put(fleet, path, text);
            }
        }

        Put(
            "failing",
            "policy-tests/nights.yaml",
            """
            cases:
              - name: nothing starts by day
                environment: production
                at: 2026-11-18T12:00 Europe/Oslo
                expect: {start: false}
              - name: everything starts by day
                environment: production
                at: 2026-11-18T12:00 Europe/Oslo
                expect: {held: ["freeze:retail/black-friday"], opens: never, bake: 1h}
              - name: somebody starts
                environment: production
                tags: nowhere
                at: 2026-11-18T23:00+01:00
                expect: {start: true}

            """
        );
        Put(
            "broken",
            "policy-tests/nights.yaml",
            """
            cases:
              - name: nothing starts by day
                enviroment: production
                at: 2026-11-18T12:00
                expect: {held: [soak]}

            """
        );
        File.Delete(Path.Join(folder, "empty", "policy-tests", "production.yaml"));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("policy-test.txt", "FOLDER/good")]
    [InlineData("policy-test-failing.txt", "FOLDER/failing")]
    [InlineData("policy-test-failing.json", "FOLDER/failing/policy-tests/nights.yaml", "--json")]
    [InlineData("policy-test-broken.txt", "FOLDER/broken")]
    [InlineData("policy-test-broken.json", "FOLDER/broken", "--json")]
    [InlineData("policy-test-none.txt", "FOLDER/empty")]
    [InlineData("policy-test-nowhere.txt", "FOLDER/nowhere")]
    [InlineData("policy-test-elsewhere.txt", "FOLDER/good/policies/careful.yaml")]
    public async Task Cases_of_a_fleet(string golden, params string[] arguments) =>
        Golden.Matches(
            golden,
            await RunAsync([.. arguments.Select(each => each.Replace("FOLDER", folder, StringComparison.Ordinal))])
        );

    [Fact]
    public async Task One_file_and_the_folder_of_cases_are_tried_as_well()
    {
        var whole = await RunAsync([Path.Join(folder, "good")]);

        Assert.Equal(whole, await RunAsync([Path.Join(folder, "good", "policy-tests")]));
        Assert.Equal(whole, await RunAsync([Path.Join(folder, "good", "policy-tests", "production.yaml")]));
    }

    [Fact]
    public async Task The_case_that_is_proposed_where_there_are_none_can_be_tried()
    {
        var told = await RunAsync([Path.Join(folder, "empty")]);
        var cases = told[(told.IndexOf("\ncases:", StringComparison.Ordinal) + 1)..];
        Put("empty", "policy-tests/first.yaml", cases[..cases.IndexOf("exit", StringComparison.Ordinal)]);

        Assert.Equal(
            "pass  policy-tests/first.yaml:2  nothing starts on the evening of Black Friday\n1 passed, 0 failed\nexit 0\n",
            await RunAsync([Path.Join(folder, "empty")])
        );
    }

    private async Task<string> RunAsync(string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await CommandLine.RunAsync(
            ["policy", "test", .. arguments],
            LocalCommands.All(TimeProvider.System),
            output,
            error,
            TestContext.Current.CancellationToken
        );
        return $"{output}{error}exit {exit}\n".Replace(folder, "FOLDER", StringComparison.Ordinal);
    }

    private void Put(string fleet, string path, string text)
    {
        var file = Path.Join(folder, fleet, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
