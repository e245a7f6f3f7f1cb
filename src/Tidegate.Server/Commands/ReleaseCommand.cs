using System.CommandLine;
using System.Text.Json;
using Tidegate.ControlPlane.Catalog;

namespace Tidegate.Server.Commands;

/// <summary><c>tidegate release …</c>: the verbs that may work on this machine's own folders and need no control plane then.</summary>
public static class ReleaseCommand
{
    public static IReadOnlyList<Command> Verbs(TimeProvider clock) =>
        [
            ReleaseBuildCommand.Create(clock),
            ReleaseValidateCommand.Create(clock),
            ReleaseShowCommand.Create(),
            ReleaseDiffCommand.Create(clock),
        ];

    /// <summary>Where the store of a build is.</summary>
    internal static Option<DirectoryInfo> StoreOption() =>
        new("--home")
        {
            Description = "The site's home folder; releases are kept in its folder bundles. Default: $TIDEGATE_HOME.",
            DefaultValueFactory = _ => DefaultHome(),
        };

    /// <summary>Names a store of this machine, in place of the control plane.</summary>
    internal static Option<DirectoryInfo?> OwnStoreOption() =>
        new("--home") { Description = "A site's home folder: releases are those of its store; asks no control plane." };

    /// <summary>The store that was named, or the one of <c>$TIDEGATE_HOME</c>.</summary>
    internal static BundleStore StoreOf(DirectoryInfo? home) => Store(home ?? DefaultHome());

    internal static BundleStore Store(DirectoryInfo home, DirectoryInfo? shared = null) =>
        new(Path.Join(home.FullName, "bundles"), shared?.FullName);

    internal static void WriteJson<T>(TextWriter output, T document) =>
        output.WriteLine(JsonSerializer.Serialize(document, CatalogJson.Options));

    private static DirectoryInfo DefaultHome() => new(Environment.GetEnvironmentVariable("TIDEGATE_HOME") ?? ".");
}
