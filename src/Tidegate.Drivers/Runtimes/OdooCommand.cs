using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Configuration;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Runtimes;

/// <summary>The processes of a generation as the launcher is to start them.</summary>
/// <param name="BridgeFolder">Where the bridge's Python lies.</param>
/// <param name="User">The pool's OS user; null for ourselves.</param>
internal sealed record OdooCommand(GenerationFolder Folder, ReleaseTree Tree, string BridgeFolder, string? User)
{
    internal const string HttpPort = "--http-port=";
    internal const string EventedPort = "--gevent-port=";

    /// <summary>Web workers, and the evented process that Odoo starts itself with the same arguments.</summary>
    public ProcessSpec Web(GenerationPorts ports) =>
        Odoo(Folder.WebProcess, Invariant($"{HttpPort}{ports.Http}"), Invariant($"{EventedPort}{ports.Evented}"));

    /// <summary>Scheduled jobs only: a master without HTTP whose two workers run one job each.</summary>
    public ProcessSpec Cron() => Odoo(Folder.CronProcess, CronProcess.Arguments.AsSpan());

    /// <summary>Imports the release once and forks per migration or journey.</summary>
    public ProcessSpec Migrator() =>
        Spec(
            Folder.MigratorProcess,
            [
                SystemPython.Path,
                Path.Combine(BridgeFolder, "forkserver", "tidegate_forkserver.py"),
                "--socket",
                Folder.MigratorSocket,
                "--config",
                Folder.MigratorConfiguration,
                "--preload",
                Folder.Preload,
            ]
        );

    /// <summary>The ports in a web process's arguments: what runs is what is true, whatever a file says.</summary>
    public static GenerationPorts PortsOf(ProcessRecord web) =>
        new(Number(web.Argv, HttpPort), Number(web.Argv, EventedPort));

    private ProcessSpec Odoo(string name, params ReadOnlySpan<string> arguments) =>
        Spec(name, [SystemPython.Path, Tree.Executable, "--config", Folder.Configuration, .. arguments]);

    private ProcessSpec Spec(string name, ImmutableArray<string> argv) =>
        new(name, argv, Environment(), Folder.Path, Folder.Log(name)) { User = User, WantedFile = Folder.Wanted };

    private ImmutableDictionary<string, string> Environment() =>
        OdooEnvironment
            .Of(Tree, Folder.Path, Folder.CompiledPython)
            .SetItem("TIDEGATE_BRIDGE_FILE", Folder.TenantLists)
            .SetItem("TIDEGATE_PRELOAD", Folder.Preload);

    private static int Number(ImmutableArray<string> argv, string option) =>
        argv.FirstOrDefault(argument => argument.StartsWith(option, StringComparison.Ordinal)) is { } found
            ? int.Parse(found.AsSpan(option.Length), CultureInfo.InvariantCulture)
            : throw new InvalidOperationException(
                $"The web process was started without {option}: {string.Join(' ', argv)}"
            );

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
