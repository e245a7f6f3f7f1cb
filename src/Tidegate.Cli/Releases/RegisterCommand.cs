using System.CommandLine;
using Tidegate.Contracts.Releases;

namespace Tidegate.Cli.Releases;

internal sealed class RegisterCommand
{
    private const string Text = """
        Make a built bundle known as a release, for ever

        Example:
          tidegate release register --name 2026.11.2 --digest sha256:…

        The control plane reads in its own bundle store what the release holds. Notes and risk are those of the build of
        that name, unless they are given here. The same again changes nothing; other content, notes or risk under the
        name are refused (exit code 6).
        """;

    private readonly Option<string> _name = new("--name")
    {
        Description = "The release's name, 2026.11.2",
        Required = true,
    };
    private readonly Option<string> _digest = new("--digest")
    {
        Description = "The bundle's digest, sha256:…",
        Required = true,
    };
    private readonly Option<string[]> _prices = new("--price-change")
    {
        Description = "A product reference whose price changes on purpose; * for any",
    };
    private readonly Option<string[]> _changes = new("--behaviour-change")
    {
        Description = "What else behaves otherwise on purpose, in a sentence",
    };
    private readonly Option<string[]> _drops = new("--drop")
    {
        Description = "A table or column (table.column) that goes on purpose, with what is in it",
    };
    private readonly Option<string?> _summary = new("--summary") { Description = "One line for people" };
    private readonly Option<string?> _risk = new("--risk") { Description = "low, normal or high" };
    private readonly Option<string?> _reason = new("--risk-reason") { Description = "Why; needed for low and high" };
    private readonly Option<string?> _commit = new("--commit")
    {
        Description = "The commit that it was built of; refused when the build says another",
    };
    private readonly Option<bool> _json = JsonOption.Create();

    public static Command Create()
    {
        var verb = new RegisterCommand();
        verb._risk.CompletionSources.Add("low", "normal", "high");
        var command = new Command("register", Text)
        {
            verb._name,
            verb._digest,
            verb._prices,
            verb._changes,
            verb._drops,
            verb._summary,
            verb._risk,
            verb._reason,
            verb._commit,
            verb._json,
        };
        command.SetAction(verb.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var client = ServerOption.Connect(parsed);
        var release = await client.PostAsync<RegisterRelease, ReleaseView>(
            "/api/releases",
            new RegisterRelease(
                parsed.GetRequiredValue(_name),
                parsed.GetRequiredValue(_digest),
                parsed.GetValue(_prices) is { Length: > 0 } prices ? prices : null,
                parsed.GetValue(_changes) is { Length: > 0 } changes ? changes : null,
                parsed.GetValue(_summary),
                parsed.GetValue(_risk),
                parsed.GetValue(_reason),
                parsed.GetValue(_commit),
                parsed.GetValue(_drops) is { Length: > 0 } drops ? drops : null
            ),
            cancellationToken
        );
        if (parsed.GetValue(_json))
        {
            parsed.WriteJson(release);
            return ExitCodes.Done;
        }

        await parsed.Output().WriteLineAsync($"release {release.Name} is registered");
        if (release.Validation is null)
        {
            await parsed.WriteNextAsync($"tidegate release validate {release.Name}");
        }

        return ExitCodes.Done;
    }
}
