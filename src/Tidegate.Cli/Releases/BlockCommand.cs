using System.CommandLine;
using Tidegate.Contracts.Releases;

namespace Tidegate.Cli.Releases;

/// <summary><c>tidegate release block</c> and <c>unblock</c>.</summary>
internal static class BlockCommand
{
    public static Command Block() =>
        Create(
            "block",
            "Let no rollout take a release from now on; those that run go on\n\nExample: tidegate release block 2026.11.2 --reason \"orders lose their discount\"",
            release =>
                release.Block is { } block
                    ? $"release {release.Name} is blocked by {block.By} since {block.At:u}: {block.Reason}"
                    : $"release {release.Name} was unblocked meanwhile"
        );

    public static Command Unblock() =>
        Create(
            "unblock",
            "Let rollouts take a blocked release again\n\nExample: tidegate release unblock 2026.11.2 --reason \"the discount was a wrong setting\"",
            release =>
                release.Block is null
                    ? $"release {release.Name} is not blocked"
                    : $"release {release.Name} was blocked meanwhile: {release.Block.Reason}"
        );

    private static Command Create(string verb, string text, Func<ReleaseView, string> told)
    {
        var name = new Argument<string>("name") { Description = "The release, like 2026.11.2" };
        var reason = new Option<string>("--reason")
        {
            Description = "Why, in one line; kept in the ledger and told to whoever is stopped",
            Required = true,
        };
        var json = JsonOption.Create();
        var command = new Command(verb, text) { name, reason, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var release = await client.PostAsync<ChangeReleaseBlock, ReleaseView>(
                    ReleaseText.Path(parsed.GetRequiredValue(name), verb),
                    new ChangeReleaseBlock(parsed.GetRequiredValue(reason)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(release);
                }
                else
                {
                    await parsed.Output().WriteLineAsync(told(release));
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
