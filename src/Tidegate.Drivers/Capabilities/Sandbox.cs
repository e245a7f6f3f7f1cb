using System.Collections.Immutable;
using System.Globalization;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Capabilities;

/// <summary>
/// The one place of a home folder where a release is run that no shop trusts yet: a folder, an OS user and processes of
/// its own. Whoever holds it has it for itself on this machine, and finds nothing of who had it before.
/// </summary>
internal sealed class Sandbox : IDisposable
{
    /// <summary>The user that runs everything in it.</summary>
    public const string UserName = "tidegate-sandbox";

    public const string Postgres = "sandbox-postgres";
    public const string Python = "sandbox-python";
    public const string Odoo = "sandbox-odoo";

    private static readonly ImmutableArray<string> Names = [Odoo, Python, Postgres];

    // Shops on the same machine go first.
    private static readonly ImmutableArray<string> Politely = ["/usr/bin/nice", "-n", "10"];

    private readonly ProcessLauncher _launcher;
    private readonly FileStream _lock;

    private Sandbox(string folder, OsUser? user, ProcessLauncher launcher, FileStream held)
    {
        (Folder, User, _launcher, _lock) = (folder, user, launcher, held);
    }

    public string Folder { get; }

    /// <summary>Null when everything runs as ourselves.</summary>
    public OsUser? User { get; }

    /// <summary>Takes the sandbox, and removes what one that was killed in it left. Null while another process has it.</summary>
    public static async Task<Sandbox?> TryTakeAsync(
        SiteLayout layout,
        ProcessLauncher launcher,
        CancellationToken cancellationToken
    )
    {
        FileStream held;
        try
        {
            // The kernel lets go of it when we end, however we end.
            held = new FileStream(
                Path.Combine(layout.Run, "sandbox.taken"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException)
        {
            return null; // somebody has it
        }

        var sandbox = new Sandbox(
            layout.Sandbox,
            await OsUser.EnsureAsync(UserName, cancellationToken),
            launcher,
            held
        );
        await sandbox.ClearAsync(cancellationToken);
        Runtimes.Processes.Folder.Private(sandbox.Folder, sandbox.User);
        return sandbox;
    }

    public string In(string name) => Path.Combine(Folder, name);

    /// <summary>Writes a file that the sandbox's user may read.</summary>
    public void Write(string name, string text) => AtomicFile.Write(In(name), text, User);

    /// <summary>Starts a process of the sandbox.</summary>
    public Task<ProcessRecord> StartAsync(
        string name,
        IEnumerable<string> argv,
        ImmutableDictionary<string, string> environment,
        CancellationToken cancellationToken
    ) =>
        _launcher.EnsureAsync(
            new(name, [.. Politely, .. argv], environment, Folder, LogOf(name)) { User = User?.Name },
            cancellationToken
        );

    public bool Runs(string name) => _launcher.Find(name) is not null;

    public Task StopAsync(string name, CancellationToken cancellationToken) =>
        _launcher.StopAsync(name, StopManner.AtOnce, cancellationToken);

    /// <summary>The end of what a process printed, for people.</summary>
    public string LogTailOf(string name) => LogTail.Of(LogOf(name));

    /// <summary>Runs a command of the sandbox's user to its end.</summary>
    public Task<ToolAnswer> RunAsync(
        ImmutableDictionary<string, string> environment,
        IEnumerable<string> argv,
        CancellationToken cancellationToken
    )
    {
        string[] clean =
        [
            "-i",
            .. environment.Select(variable =>
                string.Create(CultureInfo.InvariantCulture, $"{variable.Key}={variable.Value}")
            ),
            .. User is { } user
                ?
                [
                    "/usr/bin/setpriv",
                    $"--reuid={user.Name}",
                    $"--regid={user.Name}",
                    "--init-groups",
                    "--no-new-privs",
                    "--",
                ]
                : Array.Empty<string>(),
            .. Politely,
            .. argv,
        ];
        return Tool.RunAsync("/usr/bin/env", clean, cancellationToken);
    }

    /// <summary>Ends whatever runs in it and removes the folder.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        foreach (var name in Names)
        {
            await StopAsync(name, cancellationToken);
        }

        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    public void Dispose() => _lock.Dispose();

    private string LogOf(string name) => In($"{name}.log");
}
