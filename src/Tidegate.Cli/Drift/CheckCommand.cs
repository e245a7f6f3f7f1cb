using System.CommandLine;
using System.Globalization;
using Tidegate.Contracts.Drift;

namespace Tidegate.Cli.Drift;

internal static class CheckCommand
{
    private const string Text = """
        Have sites checked now, each by its own server

        Example: tidegate drift check --wait

        Without --wait it returns once the sites are asked. Exit code 0: asked, or nothing differs; 3: something differs, or
        could not be compared; 69: a site did not answer.
        """;

    public static Command Create()
    {
        var environment = DriftCommands.Environment();
        var wait = new Option<bool>("--wait") { Description = "Return when they have been checked" };
        var json = JsonOption.Create();
        var command = new Command("check", Text) { environment, wait, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var waits = parsed.GetValue(wait);
                var answer = await client.PostAsync<CheckDriftOrder, CheckedSites>(
                    "/api/drift/check",
                    new(parsed.GetValue(environment), waits),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(answer);
                }
                else
                {
                    foreach (var site in answer.Sites)
                    {
                        await parsed.Output().WriteLineAsync(Line(site, waits));
                    }
                }

                if (answer.Sites.Any(site => site.Differences > 0 || site.Unknown > 0))
                {
                    await parsed.WriteNextAsync("tidegate drift show");
                    return ExitCodes.Blocked;
                }

                return waits && answer.Sites.Any(site => site.Differences is null)
                    ? ExitCodes.Unavailable
                    : ExitCodes.Done;
            }
        );
        return command;
    }

    private static string Line(CheckedSite site, bool waits) =>
        site.Differences is { } differences
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"site {site.Site}: {site.Judged} tenants compared, {differences} differences{(site.Unknown > 0 ? $", {site.Unknown} parts not known" : "")}"
            )
        : waits ? $"site {site.Site}: {site.Reason}"
        : $"site {site.Site} is asked";
}
