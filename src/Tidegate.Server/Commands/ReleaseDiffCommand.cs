using System.CommandLine;
using Tidegate.Cli;
using Tidegate.Cli.Releases;
using Tidegate.Contracts.Releases;
using Tidegate.ControlPlane.Catalog.Differences;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.Drivers.Catalog;

namespace Tidegate.Server.Commands;

/// <summary><c>tidegate release diff</c>.</summary>
internal sealed class ReleaseDiffCommand
{
    private const string Text = """
        Show what release B changes against release A, as far as files tell.

        Example:
          tidegate release diff 2026.11.1 2026.11.2

        Modules, migration scripts that run on the way, fields, views, data files, manifests, dependencies. Each of the
        two is a registered release; with --home a release of that store; or a folder: a tree with core and addons, or
        addons for the Odoo of --core.
        """;

    private readonly Argument<string> from = new("A") { Description = "The release before: a name or a folder." };
    private readonly Argument<string> to = new("B") { Description = "The release after." };
    private readonly Option<DirectoryInfo?> home = ReleaseCommand.OwnStoreOption();
    private readonly Option<DirectoryInfo?> core = new("--core")
    {
        Description = "The Odoo of folders that hold addons alone.",
    };
    private readonly Option<DirectoryInfo> cache = CacheOption.Create();
    private readonly Option<bool> json = JsonOption.Create();

    public static Command Create(TimeProvider clock)
    {
        var verb = new ReleaseDiffCommand();
        var command = new Command("diff", Text) { verb.from, verb.to, verb.home, verb.core, verb.cache, verb.json };
        command.SetAction((parsed, token) => verb.RunAsync(parsed, clock, token));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (before, after) = (parsed.GetRequiredValue(from), parsed.GetRequiredValue(to));
        var isLocal = parsed.GetValue(home) is not null || Directory.Exists(before) || Directory.Exists(after);
        return isLocal
            ? await CompareHereAsync(parsed, (before, after), clock, cancellationToken)
            : await AskAsync(parsed, before, after, cancellationToken);
    }

    private async Task<int> AskAsync(
        ParseResult parsed,
        string before,
        string after,
        CancellationToken cancellationToken
    )
    {
        using var client = ServerOption.Connect(parsed);
        Write(parsed, await client.GetAsync<ReleaseDiff>(ReleaseText.Path(before, "diff", after), cancellationToken));
        return ExitCodes.Done;
    }

    private async Task<int> CompareHereAsync(
        ParseResult parsed,
        (string Before, string After) names,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var store = ReleaseCommand.StoreOf(parsed.GetValue(home));
            var places = new ReleasePlaces(store);
            var compared = new List<ComparedRelease>();
            foreach (var name in new[] { names.Before, names.After })
            {
                var (place, wrong) = places.Compared(name, parsed.GetValue(core)?.FullName);
                if (wrong is not null)
                {
                    parsed.Error().WriteLine($"error: {wrong.Message}");
                    return wrong.ExitCode;
                }

                compared.Add(new(name, place!, Directory.Exists(name) ? null : store.FindRelease(name)));
            }

            var reader = new ReleaseFactsReader(new ModuleInspector(), parsed.GetRequiredValue(cache).FullName, clock);
            Write(
                parsed,
                await new ReleaseComparer(reader).CompareAsync(
                    compared[0],
                    compared[1],
                    parsed.Error().WriteLine,
                    cancellationToken
                )
            );
            return ExitCodes.Done;
        }
        catch (IOException machine)
        {
            // The disk, an interpreter that is not there, or a folder that is no release.
            parsed.Error().WriteLine($"error: {machine.Message}");
            return ExitCodes.Failed;
        }
    }

    private void Write(ParseResult parsed, ReleaseDiff diff)
    {
        if (parsed.GetValue(json))
        {
            ReleaseCommand.WriteJson(parsed.Output(), diff);
        }
        else
        {
            DiffText.Write(parsed.Output(), diff);
        }
    }
}
