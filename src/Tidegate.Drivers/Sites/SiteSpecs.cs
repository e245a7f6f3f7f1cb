using System.Collections.Immutable;
using System.Globalization;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Sites;

/// <summary>Gateway and control plane as the launcher is to start them.</summary>
internal static class SiteSpecs
{
    public static ProcessSpec Gateway(SiteLayout layout, SiteOptions options) =>
        Role(
            layout,
            SiteProcesses.Gateway,
            layout.GatewayLog,
            [
                "gateway",
                "--state",
                layout.GatewayState,
                "--control",
                layout.GatewaySocket,
                "--port",
                options.Port.ToString(CultureInfo.InvariantCulture),
                "--log",
                layout.GatewayLog,
            ]
        );

    public static ProcessSpec ControlPlane(SiteLayout layout) =>
        Role(layout, SiteProcesses.ControlPlane, layout.ServerLog, ["server", "--home", layout.Home]);

    private static ProcessSpec Role(
        SiteLayout layout,
        string name,
        string logFolder,
        ImmutableArray<string> arguments
    ) =>
        new(
            name,
            [.. TidegateCommand.Argv, .. arguments],
            TidegateCommand.Environment,
            layout.Home,
            Path.Combine(logFolder, $"{name}.out")
        )
        {
            WantedFile = layout.UpFile,
        };
}
