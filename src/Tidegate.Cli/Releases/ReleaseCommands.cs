using System.CommandLine;
using System.Globalization;
using Tidegate.Contracts.Releases;

namespace Tidegate.Cli.Releases;

internal static class ReleaseCommands
{
    public static Command Create() =>
        new("release", "Releases: build, validate, register, list, show, run in a sandbox")
        {
            List(),
            Register(),
            ProbeCommand.Create(),
            CapabilityCommand.Create(),
        };

    private static Command List()
    {
        var json = JsonOption.Create();
        var command = new Command(
            "list",
            "List registered releases, the newest first\n\nExample: tidegate release list"
        )
        {
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var releases = await client.GetAsync<IReadOnlyList<ReleaseView>>("/api/releases", cancellationToken);
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(releases);
                    return ExitCodes.Done;
                }

                TextTable.Write(
                    parsed.Output(),
                    ["RELEASE", "DIGEST", "REGISTERED"],
                    releases.Select(release =>
                        (IReadOnlyList<string>)
                            [
                                release.Name,
                                release.Digest,
                                release.RegisteredAt.ToString("u", CultureInfo.InvariantCulture),
                            ]
                    )
                );
                if (releases.Count == 0)
                {
                    await parsed.WriteNextAsync("tidegate release build, then tidegate release register");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static Command Register()
    {
        var name = new Option<string>("--name") { Description = "The release's name, 2026.11.2", Required = true };
        var digest = new Option<string>("--digest") { Description = "The bundle's digest, sha256:…", Required = true };
        var prices = new Option<string[]>("--price-change")
        {
            Description = "A product reference whose price changes on purpose; * for any",
            DefaultValueFactory = _ => [],
        };
        var json = JsonOption.Create();
        var command = new Command(
            "register",
            "Make a built bundle known as a release\n\nExample: tidegate release register --name 2026.11.2 --digest sha256:…"
        )
        {
            name,
            digest,
            prices,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var release = new RegisterRelease(
                    parsed.GetRequiredValue(name),
                    parsed.GetRequiredValue(digest),
                    parsed.GetValue(prices)
                );
                await client.PostAsync("/api/releases", release, cancellationToken);
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(release);
                }
                else
                {
                    await parsed.Output().WriteLineAsync($"release {release.Name} is registered");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
