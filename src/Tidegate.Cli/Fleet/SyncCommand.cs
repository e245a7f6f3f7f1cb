using System.CommandLine;
using Tidegate.Contracts.Fleet;

namespace Tidegate.Cli.Fleet;

/// <summary><c>tidegate fleet sync</c>.</summary>
internal static class SyncCommand
{
    private const string Text = """
        Have the followed repository asked at once, and show what came of it

        Example: tidegate fleet sync --wait

        Ends when the server has asked it and done what could be done at once. With --wait it goes on until every pool and
        tenant is as git says, or only blockers are left.
        Exit code 0: nothing is in the way; 3: something is.
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var wait = new Option<bool>("--wait", "-w") { Description = "Wait until what was taken is served, or blocked" };
        var json = JsonOption.Create();
        var command = new Command("sync", Text) { wait, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                while (true)
                {
                    var source = await client.PostAsync<object, SourceView>(
                        "/api/source/sync",
                        new(),
                        cancellationToken
                    );
                    if (!parsed.GetValue(wait) || source.State is not ("settling" or "new"))
                    {
                        return SourceCommands.Write(parsed, source, parsed.GetValue(json));
                    }

                    await Task.Delay(Pause, TimeProvider.System, cancellationToken);
                }
            }
        );
        return command;
    }
}
