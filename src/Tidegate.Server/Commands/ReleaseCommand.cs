using System.CommandLine;
using System.Text.Json;
using Tidegate.Cli;
using Tidegate.ControlPlane.Catalog;

namespace Tidegate.Server.Commands;

/// <summary><c>tidegate release …</c>: makes releases on this machine and shows them. Needs no control plane.</summary>
public static class ReleaseCommand
{
    public static Command Create(TimeProvider clock) =>
        new("release", "Make releases and show them.")
        {
            ReleaseBuildCommand.Create(clock),
            ReleaseValidateCommand.Create(clock),
            Show(),
        };

    /// <summary>Where the store is: what every verb here asks for.</summary>
    internal static Option<DirectoryInfo> StoreOption() =>
        new("--home")
        {
            Description = "The site's home folder; releases are kept in its folder bundles. Default: $TIDEGATE_HOME.",
            DefaultValueFactory = _ => new(Environment.GetEnvironmentVariable("TIDEGATE_HOME") ?? "."),
        };

    internal static BundleStore Store(DirectoryInfo home, DirectoryInfo? shared = null) =>
        new(Path.Join(home.FullName, "bundles"), shared?.FullName);

    internal static void WriteJson(TextWriter output, ReleaseManifest release) =>
        output.WriteLine(JsonSerializer.Serialize(release, CatalogJson.Options));

    private static Command Show()
    {
        var home = StoreOption();
        var json = JsonOption.Create();
        var name = new Argument<string>("name") { Description = "The release, like 2026.11.2." };
        var command = new Command(
            "show",
            "Show what a release holds.\n\nExample: tidegate release show 2026.11.2 --home /srv/tidegate"
        )
        {
            name,
            home,
            json,
        };
        command.SetAction(result =>
        {
            var store = Store(result.GetRequiredValue(home));
            var configuration = result.InvocationConfiguration;
            if (store.FindRelease(result.GetRequiredValue(name)) is not { } release)
            {
                configuration.Error.WriteLine(
                    $"error: there is no release {result.GetValue(name)} in {store.Folder}; tidegate release build makes one."
                );
                return ExitCodes.NotFound;
            }

            if (result.GetValue(json))
            {
                WriteJson(configuration.Output, release);
            }
            else
            {
                Describe(configuration.Output, store, release);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    internal static void Describe(TextWriter output, BundleStore store, ReleaseManifest release)
    {
        var bundle = release.Bundle;
        output.WriteLine($"release  {release.Name}");
        output.WriteLine($"digest   {release.Digest}");
        output.WriteLine($"odoo     {bundle.Odoo.Version}");
        output.WriteLine($"modules  {bundle.Modules.Length}");
        output.WriteLine($"files    {bundle.Files} ({bundle.Bytes / 1_000_000} MB)");
        output.WriteLine($"tree     {store.TreeOf(release.Digest)}");
    }
}
