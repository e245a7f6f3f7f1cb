using System.Collections.Immutable;
using System.Globalization;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Sites;

/// <summary>Gateway and control plane as the launcher is to start them.</summary>
internal static class SiteSpecs
{
    /// <summary>
    /// How the gateway's memory is collected: one heap, in one piece, after every 8 MB (hexadecimal) that its requests used.
    /// Odoo beside it has the processors; and what stays in their caches is read some 10 % faster.
    /// </summary>
    public static readonly ImmutableDictionary<string, string> GatewayRuntime = ImmutableDictionary.CreateRange(
        StringComparer.Ordinal,
        [
            KeyValuePair.Create("DOTNET_gcServer", "0"),
            KeyValuePair.Create("DOTNET_gcConcurrent", "0"),
            KeyValuePair.Create("DOTNET_GCgen0size", "800000"),
        ]
    );

    public static ProcessSpec Gateway(SiteLayout layout, SiteOptions options)
    {
        var spec = Role(
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
        return spec with { Environment = spec.Environment.SetItems(GatewayRuntime) };
    }

    /// <summary>The control plane waits most of the time: its idle threads sleep, where .NET would let them spin and take the processor from PostgreSQL.</summary>
    public static ProcessSpec ControlPlane(SiteLayout layout)
    {
        var spec = Role(layout, SiteProcesses.ControlPlane, layout.ServerLog, ["server", "--home", layout.Home]);
        return spec with { Environment = spec.Environment.SetItem("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "0") };
    }

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
