using System.Collections.Immutable;
using System.Text;
using Tidegate.ControlPlane.Following;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Git;

/// <summary>Brings a branch into the mirror. Killed anywhere, what was fetched before is there, and the next one goes on.</summary>
internal sealed class MirrorFetch(SiteLayout layout, GitMirror mirror, SourceAddress source)
{
    private GitAccess Access { get; } = GitAccess.Of(layout, source);

    public async Task<FetchResult> RunAsync(CancellationToken cancellationToken)
    {
        mirror.WriteSettings(Access);
        if (await HeadThereAsync(cancellationToken) is not { } there)
        {
            return new FetchResult.NoBranch();
        }

        if (await HeadHereAsync(cancellationToken) == there)
        {
            return new FetchResult.At(there);
        }

        using var alone = await mirror.AloneAsync(cancellationToken);
        return new FetchResult.At(
            mirror.Exists ? await MoveAsync(cancellationToken) : await MakeAsync(there, cancellationToken)
        );
    }

    /// <summary>Where the branch stands in the repository itself. Asked first: so a branch that is not there is told from every other trouble.</summary>
    private async Task<CommitId?> HeadThereAsync(CancellationToken cancellationToken)
    {
        var name = $"refs/heads/{source.Branch}";
        var answer = await mirror.AskAsync(
            Access,
            ["ls-remote", "--quiet", "--heads", "--end-of-options", source.Repository, name],
            cancellationToken
        );
        return answer.ExitCode != 0
            ? throw new GitFailedException(GitComplaint.OfRemote(source.Repository, answer.Error, layout))
            : answer
                .Text.Split('\n')
                .Select(line => line.Split('\t'))
                .Where(parts => parts is [_, var found] && found == name) // git also tells a/refs/heads/main
                .Select(parts => (CommitId?)CommitId.Create(parts[0]))
                .FirstOrDefault();
    }

    private async Task<CommitId?> HeadHereAsync(CancellationToken cancellationToken) =>
        mirror.Exists ? await RefAsync(GitMirror.HeadRef(source.Branch), cancellationToken) : null;

    /// <summary>Made beside its place and put there when it is whole.</summary>
    private async Task<CommitId> MakeAsync(CommitId there, CancellationToken cancellationToken)
    {
        if (Directory.Exists(mirror.Draft))
        {
            Directory.Delete(mirror.Draft, recursive: true); // of one that was killed: nobody makes it now
        }

        var format = there.Value.Length == 64 ? "sha256" : "sha1";
        await WriteAsync(
            mirror.Draft,
            ["init", "--bare", "--quiet", "--template=", $"--object-format={format}"],
            "",
            cancellationToken
        );
        await FetchAsync(mirror.Draft, GitMirror.HeadRef(source.Branch), cancellationToken);
        Directory.Move(mirror.Draft, mirror.Folder);
        return await HeadHereAsync(cancellationToken) ?? throw Lost();
    }

    private async Task<CommitId> MoveAsync(CancellationToken cancellationToken)
    {
        RemoveStaleLocks();
        var (head, incoming) = (GitMirror.HeadRef(source.Branch), GitMirror.IncomingRef(source.Branch));
        var old = await RefAsync(head, cancellationToken);
        await FetchAsync(mirror.Folder, incoming, cancellationToken);
        var moved = await RefAsync(incoming, cancellationToken) ?? throw Lost();
        var changes = $"update {head} {moved}\ndelete {incoming}\n";
        if (old is { } left && left != moved && !await mirror.IsAncestorAsync(left, moved, cancellationToken))
        {
            // In the same transaction: at no time is there a commit that was told and that no ref keeps.
            changes = $"update {GitMirror.KeptRef(left)} {left}\n{changes}";
        }

        await WriteAsync(mirror.Folder, ["update-ref", "--stdin"], changes, cancellationToken);
        await TidyAsync(cancellationToken);
        return moved;
    }

    /// <summary>git joins its files when they have become many.</summary>
    private async Task TidyAsync(CancellationToken cancellationToken)
    {
        try
        {
            // What it came to does not matter: it is tried again after the next commit.
            await mirror.WriteAsync(mirror.Folder, Access, ["gc", "--auto", "--quiet"], default, cancellationToken);
        }
        catch (GitFailedException)
        {
            // Not within its time; the branch is here all the same.
        }
    }

    private async Task FetchAsync(string folder, string to, CancellationToken cancellationToken)
    {
        var said = await WriteAsync(
            folder,
            [
                "fetch",
                "--quiet",
                "--no-tags",
                "--no-write-fetch-head",
                "--no-recurse-submodules",
                "--no-auto-maintenance",
                "--end-of-options",
                source.Repository,
                $"+refs/heads/{source.Branch}:{to}",
            ],
            "",
            cancellationToken
        );
        if (said.Contains("shallow roots are not allowed", StringComparison.Ordinal))
        {
            // git calls this a success.
            const string cut = "it is a shallow clone, without the history that tells how its branch moved";
            throw new GitFailedException(GitComplaint.OfRemote(source.Repository, cut, layout));
        }
    }

    /// <summary>What git said beside its answer.</summary>
    private async Task<string> WriteAsync(
        string folder,
        ImmutableArray<string> arguments,
        string input,
        CancellationToken cancellationToken
    )
    {
        var answer = await mirror.WriteAsync(
            folder,
            Access,
            arguments,
            Encoding.UTF8.GetBytes(input),
            cancellationToken
        );
        if (answer.ExitCode != 0)
        {
            throw new GitFailedException(
                arguments[0] is "fetch" && !GitComplaint.IsOfMirror(mirror, answer.Error)
                    ? GitComplaint.OfRemote(source.Repository, answer.Error, layout)
                    : GitComplaint.OfMirror(mirror, answer.Error)
            );
        }

        return answer.Error;
    }

    private async Task<CommitId?> RefAsync(string name, CancellationToken cancellationToken)
    {
        var answer = await mirror.ReadAsync(["rev-parse", "--verify", "--quiet", name], "", cancellationToken);
        return answer.ExitCode is 0 or 1
            ? CommitId.TryCreate(answer.Text.Trim(), out var commit)
                ? commit
                : null
            : throw new GitFailedException(GitComplaint.OfMirror(mirror, answer.Error));
    }

    /// <summary>A git that was killed leaves its locks, and every later one would stop at them. None runs now.</summary>
    private void RemoveStaleLocks()
    {
        var refs = Path.Combine(mirror.Folder, "refs");
        foreach (
            var stale in Directory
                .EnumerateFiles(mirror.Folder, "*.lock")
                .Concat(
                    Directory.Exists(refs) ? Directory.EnumerateFiles(refs, "*.lock", SearchOption.AllDirectories) : []
                )
                .ToList()
        )
        {
            File.Delete(stale);
        }
    }

    private GitFailedException Lost() => new(GitComplaint.OfMirror(mirror, "what was fetched is not there"));
}
