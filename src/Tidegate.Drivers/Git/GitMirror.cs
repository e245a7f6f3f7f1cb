using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tidegate.ControlPlane.Following;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Git;

/// <summary>The copy of a repository that this home keeps, and git in it. It has only the branches that are followed.</summary>
internal sealed class GitMirror
{
    private const string Locker = "/usr/bin/flock";
    private const string Watchdog = "/usr/bin/timeout";

    private static readonly TimeSpan AskBound = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ReadBound = TimeSpan.FromMinutes(2);

    /// <summary>A repository that takes longer than this to come is too large to say what should run.</summary>
    private static readonly TimeSpan WriteBound = TimeSpan.FromMinutes(10);

    private readonly SiteLayout _layout;
    private readonly TimeProvider _clock;
    private readonly string _base;

    public GitMirror(SiteLayout layout, string repository, TimeProvider clock)
    {
        (_layout, _clock, Repository) = (layout, clock, repository);
        Name = Hash(repository);
        _base = Path.Combine(layout.Mirrors, Name);
    }

    /// <summary>What its files begin with.</summary>
    public string Name { get; }

    public string Repository { get; }

    /// <summary>There once the first branch was fetched whole.</summary>
    public string Folder => $"{_base}.git";

    /// <summary>Where it is made. What lies there while nobody makes it is half of one.</summary>
    public string Draft => $"{_base}.making";

    public bool Exists => Directory.Exists(Folder);

    /// <summary>git's settings. They are of the address, and of the machine's nothing.</summary>
    public string Settings => $"{_base}.config";

    /// <summary>Held by the process that changes the mirror.</summary>
    private string Lock => $"{_base}.lock";

    /// <summary>Held by every git that writes, and so also by one that outlives its server.</summary>
    private string WriterLock => $"{_base}.writer";

    /// <summary>Alone with the mirror until it is disposed: no git writes to it.</summary>
    /// <exception cref="GitFailedException">Somebody else had it all the time.</exception>
    public async Task<IDisposable> AloneAsync(CancellationToken cancellationToken)
    {
        const string busy = "another process still fetches this repository";
        var held = await HeldFile.TakeAsync(Lock, WriteBound, busy, _clock, cancellationToken);
        try
        {
            var writer = await HeldFile.TakeAsync(WriterLock, WriteBound, busy, _clock, cancellationToken);
            writer.Dispose();
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Asks the repository itself.</summary>
    public Task<ProgramAnswer> AskAsync(
        GitAccess access,
        ImmutableArray<string> arguments,
        CancellationToken cancellationToken
    ) => RunAsync([GitSurroundings.Git, .. arguments], access.Environment, AskBound, default, cancellationToken);

    /// <summary>Changes the mirror; only while alone with it.</summary>
    /// <param name="folder">Where the mirror is, or is made.</param>
    public Task<ProgramAnswer> WriteAsync(
        string folder,
        GitAccess access,
        ImmutableArray<string> arguments,
        ReadOnlyMemory<byte> input,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            [
                Locker,
                "--no-fork",
                WriterLock,
                Watchdog, // ends it also when nobody is left to do so
                "--signal=KILL",
                string.Create(CultureInfo.InvariantCulture, $"{WriteBound.TotalSeconds + 5:0}"),
                GitSurroundings.Git,
                $"--git-dir={folder}",
                .. arguments,
            ],
            access.Environment,
            WriteBound,
            input,
            cancellationToken
        );

    /// <summary>Reads what is in the mirror. No protocol is spoken.</summary>
    public Task<ProgramAnswer> ReadAsync(
        ImmutableArray<string> arguments,
        string input,
        CancellationToken cancellationToken,
        ImmutableDictionary<string, string>? environment = null
    ) =>
        RunAsync(
            ReadCommand(arguments),
            environment ?? ImmutableDictionary<string, string>.Empty,
            ReadBound,
            Encoding.UTF8.GetBytes(input),
            cancellationToken
        );

    /// <summary>What git says, where everything but its success is an error.</summary>
    /// <exception cref="GitFailedException">The mirror cannot be read.</exception>
    public async Task<string> AnswerAsync(ImmutableArray<string> arguments, CancellationToken cancellationToken)
    {
        var answer = await ReadAsync(arguments, "", cancellationToken);
        return answer.ExitCode == 0
            ? answer.Text
            : throw new GitFailedException(GitComplaint.OfMirror(this, answer.Error));
    }

    public async Task<bool> IsAncestorAsync(CommitId old, CommitId young, CancellationToken cancellationToken)
    {
        var answer = await ReadAsync(["merge-base", "--is-ancestor", old.Value, young.Value], "", cancellationToken);
        return answer.ExitCode is 0 or 1
            ? answer.ExitCode == 0
            : throw new GitFailedException(GitComplaint.OfMirror(this, answer.Error));
    }

    /// <summary>A git that answers questions as long as it is asked.</summary>
    public System.Diagnostics.Process StartReader(ImmutableArray<string> arguments) =>
        ProgramGroup.Start(ReadCommand(arguments), GitSurroundings.Of(Settings), _layout.Mirrors);

    public void WriteSettings(GitAccess access)
    {
        Runtimes.Processes.Folder.Private(_layout.Following);
        Runtimes.Processes.Folder.Private(_layout.Mirrors);
        if (AtomicFile.Read(Settings) != access.Settings)
        {
            AtomicFile.Write(Settings, access.Settings);
        }
    }

    /// <summary>The ref that says where a branch stood when it was last fetched. Named by a hash: a branch may take the place of a folder of branches.</summary>
    public static string HeadRef(string branch) => $"refs/tidegate/heads/{Hash(branch)}";

    public static string IncomingRef(string branch) => $"refs/tidegate/incoming/{Hash(branch)}";

    /// <summary>The ref that keeps a commit that its branch has left.</summary>
    public static string KeptRef(CommitId commit) => $"refs/tidegate/kept/{commit}";

    private ImmutableArray<string> ReadCommand(ImmutableArray<string> arguments) =>
        [GitSurroundings.Git, $"--git-dir={Folder}", .. arguments];

    private Task<ProgramAnswer> RunAsync(
        ImmutableArray<string> command,
        ImmutableDictionary<string, string> environment,
        TimeSpan patience,
        ReadOnlyMemory<byte> input,
        CancellationToken cancellationToken
    ) =>
        new BoundedRun(command)
        {
            Environment = GitSurroundings.Of(Settings).SetItems(environment),
            Directory = _layout.Mirrors,
            Input = input,
            Patience = patience,
        }.RunAsync(_clock, cancellationToken);

    private static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..24];
}
