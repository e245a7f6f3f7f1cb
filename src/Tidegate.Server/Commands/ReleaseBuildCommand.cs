using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using Tidegate.Cli;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Trees;
using Tidegate.Drivers.Catalog;
using Tidegate.Drivers.Runtimes;

namespace Tidegate.Server.Commands;

/// <summary><c>tidegate release build</c>.</summary>
internal sealed class ReleaseBuildCommand
{
    private const string Text = """
        Make a release of an Odoo core and addons.

        Example:
          tidegate release build --home /srv/tidegate --name 2026.11.2 --core /opt/odoo-19 --addons ./addons

        The digest follows from the files alone: names, modes, contents. Building twice, or elsewhere, gives the same.
        Source commits, the interpreter's versions, notes and risk are recorded beside it, for ever with the name.
        --notes FILE is JSON: {"declaredPriceChanges": ["SKU-1"], "declaredBehaviourChanges": ["Returns need a reason"], "declaredDrops": ["sale_order.note"], "summary": "one line"}.
        --share DIR keeps file contents once for all sites of this machine that name it; each stays whole without it.
        """;

    private readonly Option<DirectoryInfo> home = ReleaseCommand.StoreOption();
    private readonly Option<bool> json = JsonOption.Create();
    private readonly Option<string> name = new("--name") { Description = "The release's name.", Required = true };
    private readonly Option<DirectoryInfo> core = new("--core")
    {
        Description = "An unpacked package of Odoo, or a checkout.",
        Required = true,
    };
    private readonly Option<DirectoryInfo[]> addons = new("--addons")
    {
        Description = "Folders that hold modules.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<FileInfo?> notes = new("--notes") { Description = "What the release changes on purpose." };
    private readonly Option<string> risk = new("--risk")
    {
        Description = "How much its makers think can go wrong: low, normal or high.",
        DefaultValueFactory = _ => "normal",
    };
    private readonly Option<string?> riskReason = new("--risk-reason")
    {
        Description = "Why; needed for low and high.",
    };
    private readonly Option<DirectoryInfo?> share = new("--share")
    {
        Description =
            "A folder for file contents that stores of this machine share; only you may be able to write to it.",
    };

    public static Command Create(TimeProvider clock)
    {
        var verb = new ReleaseBuildCommand();
        verb.risk.CompletionSources.Add("low", "normal", "high");
        var command = new Command("build", Text)
        {
            verb.name,
            verb.core,
            verb.addons,
            verb.notes,
            verb.risk,
            verb.riskReason,
            verb.share,
            verb.home,
            verb.json,
        };
        command.SetAction((result, token) => Task.Run(() => verb.Run(result, clock, token), token));
        return command;
    }

    private int Run(ParseResult result, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        if (Notes(result.GetValue(notes), error) is not { } declared)
        {
            return ExitCodes.Usage;
        }

        if (ReleaseRisk.Parse(result.GetRequiredValue(risk)) is not { } level)
        {
            error.WriteLine($"error: --risk \"{result.GetValue(risk)}\" is none: low, normal or high.");
            return ExitCodes.Usage;
        }

        var store = ReleaseCommand.Store(result.GetRequiredValue(home), result.GetValue(share));
        var request = new BuildRequest(
            result.GetRequiredValue(name),
            result.GetRequiredValue(core).FullName,
            [.. (result.GetValue(addons) ?? []).Select(folder => folder.FullName)],
            declared
        )
        {
            Risk = new(level, result.GetValue(riskReason) ?? ""),
        };
        var built = new BundleBuilder(store, clock, new SystemPython(), new BuildWitness()).Build(
            request,
            error.WriteLine,
            cancellationToken
        );
        if (built is BuildResult.Refused refused)
        {
            foreach (var reason in refused.Reasons)
            {
                error.WriteLine($"error: {reason.Sentence}");
            }

            return ExitCode(refused.Reasons);
        }

        var release = ((BuildResult.Built)built).Release;
        if (result.GetValue(json))
        {
            ReleaseCommand.WriteJson(output, release);
        }
        else
        {
            ReleaseShowCommand.Describe(output, store, release);
        }

        return ExitCodes.Done;
    }

    /// <summary>What the file says, nothing declared without a file; null when it is wrong, which is then told.</summary>
    private static ReleaseNotes? Notes(FileInfo? file, TextWriter error)
    {
        if (file is null)
        {
            return ReleaseNotes.None;
        }

        if (!file.Exists)
        {
            error.WriteLine($"error: --notes {file} is no file: check the path.");
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<ReleaseNotes>(
                File.ReadAllBytes(file.FullName),
                CatalogJson.StrictOptions
            );
        }
        catch (JsonException wrong)
        {
            // The one exception by which the reader says that the text is not what was asked for.
            error.WriteLine(
                $"error: {file}:{wrong.LineNumber + 1}:{wrong.BytePositionInLine + 1}: these are no release notes; write {{\"declaredPriceChanges\": [\"SKU-1\"]}}."
            );
            return null;
        }
    }

    private static int ExitCode(ImmutableArray<Refusal> reasons) =>
        reasons[0].Kind switch
        {
            RefusalKind.Usage => ExitCodes.Usage,
            RefusalKind.Content => ExitCodes.Blocked,
            RefusalKind.Conflict => ExitCodes.Conflict,
            RefusalKind.Machine => ExitCodes.Failed,
        };
}
