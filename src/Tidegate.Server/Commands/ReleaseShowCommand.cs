using System.CommandLine;
using Tidegate.Cli;
using Tidegate.Cli.Releases;
using Tidegate.Contracts.Releases;
using Tidegate.ControlPlane.Catalog;

namespace Tidegate.Server.Commands;

/// <summary><c>tidegate release show</c>.</summary>
internal static class ReleaseShowCommand
{
    private const string Text = """
        Show what is recorded of a release: source, modules, notes, risk, proposed class, what each gate said, its block.

        Example:
          tidegate release show 2026.11.2

        With --home, what was built in that store, registered or not.
        """;

    public static Command Create()
    {
        var home = ReleaseCommand.OwnStoreOption();
        var json = JsonOption.Create();
        var name = new Argument<string>("name") { Description = "The release, like 2026.11.2." };
        var command = new Command("show", Text) { name, home, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
                parsed.GetValue(home) is { } folder
                    ? ShowBuilt(
                        parsed,
                        ReleaseCommand.Store(folder),
                        parsed.GetRequiredValue(name),
                        parsed.GetValue(json)
                    )
                    : await ShowRegisteredAsync(
                        parsed,
                        parsed.GetRequiredValue(name),
                        parsed.GetValue(json),
                        cancellationToken
                    )
        );
        return command;
    }

    /// <summary>What a build recorded.</summary>
    internal static void Describe(TextWriter output, BundleStore store, ReleaseManifest release)
    {
        var bundle = release.Bundle;
        output.WriteLine($"release    {release.Name}");
        output.WriteLine($"digest     {release.Digest}");
        output.WriteLine($"odoo       {bundle.Odoo.Version}");
        output.WriteLine($"modules    {bundle.Modules.Length}");
        output.WriteLine($"files      {bundle.Files} ({bundle.Bytes / 1_000_000} MB)");
        output.WriteLine($"tree       {store.TreeOf(release.Digest)}");
        ReleaseText.WriteSource(
            output,
            [
                .. release.Source.Select(source => new SourceView(
                    source.Role,
                    source.Folder,
                    source.Commit,
                    source.Clean,
                    source.Unknown
                )),
            ]
        );
        ReleaseText.WritePython(
            output,
            release.Python is { } python ? new PythonView(python.Version, python.Distributions) : null
        );
        output.WriteLine($"risk       {ReleaseRisk.Word(release.Risk.Level)}");
    }

    private static int ShowBuilt(ParseResult parsed, BundleStore store, string name, bool json)
    {
        try
        {
            if (store.FindRelease(name) is not { } release)
            {
                parsed
                    .Error()
                    .WriteLine(
                        $"error: there is no release {name} in {store.Folder}; tidegate release build makes one."
                    );
                return ExitCodes.NotFound;
            }

            if (json)
            {
                ReleaseCommand.WriteJson(parsed.Output(), release);
            }
            else
            {
                Describe(parsed.Output(), store, release);
            }

            return ExitCodes.Done;
        }
        catch (IOException machine)
        {
            // The disk, or a file that a newer version wrote.
            parsed.Error().WriteLine($"error: {machine.Message}");
            return ExitCodes.Failed;
        }
    }

    private static async Task<int> ShowRegisteredAsync(
        ParseResult parsed,
        string name,
        bool json,
        CancellationToken cancellationToken
    )
    {
        using var client = ServerOption.Connect(parsed);
        var details = await client.GetAsync<ReleaseDetails>(ReleaseText.Path(name), cancellationToken);
        if (json)
        {
            parsed.WriteJson(details);
        }
        else
        {
            ReleaseText.Write(parsed.Output(), details);
        }

        return ExitCodes.Done;
    }
}
