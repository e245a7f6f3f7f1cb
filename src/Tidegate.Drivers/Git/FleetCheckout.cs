using System.Globalization;
using Tidegate.ControlPlane.DesiredState.Changes;

namespace Tidegate.Drivers.Git;

/// <summary>A fleet's folder in a person's working tree. Changes there are the person's: under their name, and nothing of theirs is taken along.</summary>
public sealed class FleetCheckout
{
    private static readonly string[] Begun = ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD"];

    private readonly string folder;
    private readonly PersonsGit git;

    /// <summary>Where the folder is in the repository, with a slash at its end; empty for the root.</summary>
    private readonly string prefix;

    private FleetCheckout(string folder, PersonsGit git, string prefix) =>
        (this.folder, this.git, this.prefix) = (folder, git, prefix);

    /// <returns>The checkout, or why it is none.</returns>
    public static async Task<(FleetCheckout? Checkout, CheckoutRefusal? Refusal)> OpenAsync(
        string folder,
        CancellationToken cancellationToken
    )
    {
        var full = Path.GetFullPath(folder);
        var asked = new PersonsGit(full);
        var inside = await asked.AskAsync(["rev-parse", "--is-inside-work-tree"], cancellationToken);
        if (inside is null)
        {
            return (null, No("git is not installed.", "install git."));
        }

        return
            inside is { IsGood: true, Line: "true" }
            && await asked.AskAsync(["rev-parse", "--show-prefix"], cancellationToken) is { IsGood: true } prefix
            ? (new FleetCheckout(full, asked, prefix.Line), null)
            : (
                null,
                No(
                    $"{folder} is in no git repository's working tree: {inside.Complaint}",
                    "clone the fleet's repository, and give its folder."
                )
            );

        static CheckoutRefusal No(string what, string next) => new(CheckoutRefusalKind.NoRepository, what, next);
    }

    /// <summary>Null when a change may be made here: HEAD has what the folder shows, and nothing is under way.</summary>
    /// <param name="commits">Whether a commit is to be made, and not only a patch printed.</param>
    public async Task<CheckoutRefusal?> UnfitAsync(bool commits, CancellationToken cancellationToken)
    {
        if (!await IsGoodAsync(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], cancellationToken))
        {
            return NotFit("the repository has no commit yet.", "commit the fleet's files first.");
        }

        if (commits && await BranchAsync(cancellationToken) is null)
        {
            return NotFit(
                "HEAD is on no branch: a commit here would belong to nobody.",
                "git switch BRANCH, or --print the change."
            );
        }

        if (commits && await BegunAsync(cancellationToken) is { } begun)
        {
            return NotFit($"{begun} is under way in the repository.", "finish it, or give it up.");
        }

        if (!await IsGoodAsync(["diff", "--cached", "--quiet"], cancellationToken))
        {
            return NotFit("changes are staged in the repository.", "commit them, or git restore --staged them.");
        }

        var changes = await git.AskAsync(
            ["status", "--porcelain", "-z", "--untracked-files=all", "--", "."],
            cancellationToken
        );
        return changes is not { IsGood: true }
                ? NotFit($"git cannot say what has changed: {changes?.Complaint}", "git status")
            : changes.Output.Length == 0 ? null
            : NotFit(
                $"the fleet has changes that no commit has: {changes.Output.Split('\0')[0][3..]}",
                "commit them, or git stash them; what is checked has to be what is committed."
            );
    }

    /// <summary>The changes as git prints them, for <c>git apply</c> at the repository's root. Nothing is written to the repository.</summary>
    /// <exception cref="IOException">git could not make it; its words are in the message.</exception>
    public async Task<string> PatchAsync(IReadOnlyCollection<ChangedFile> files, CancellationToken cancellationToken)
    {
        var scratch = Directory.CreateTempSubdirectory("tidegate-patch-");
        try
        {
            var objects = await OrThrowAsync(git, ["rev-parse", "--git-path", "objects"], cancellationToken);
            var aside = new PersonsGit(folder)
            {
                Variables = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["GIT_INDEX_FILE"] = Path.Join(scratch.FullName, "index"),
                    ["GIT_OBJECT_DIRECTORY"] = scratch.CreateSubdirectory("objects").FullName,
                    ["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = Path.GetFullPath(objects, folder),
                },
            };
            await OrThrowAsync(aside, ["read-tree", "HEAD"], cancellationToken);
            foreach (var file in files)
            {
                var path = prefix + file.Path;
                // Through the repository's own filters, as a commit would.
                var blob = await OrThrowAsync(
                    aside,
                    ["hash-object", "-w", "--stdin", $"--path={file.Path}"],
                    cancellationToken,
                    file.After
                );
                await OrThrowAsync(
                    aside,
                    ["update-index", "--add", "--cacheinfo", $"100644,{blob},{path}"],
                    cancellationToken
                );
            }

            return (
                await aside.AskAsync(
                    [
                        "diff",
                        "--cached",
                        "--no-color",
                        "--no-ext-diff",
                        "--no-textconv",
                        "--no-renames",
                        "--no-relative",
                        "--src-prefix=a/",
                        "--dst-prefix=b/",
                        "HEAD",
                    ],
                    cancellationToken
                )
            )!.Output;
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    /// <summary>
    /// Writes the files and commits them, and only them, under the person's own name. Where that fails, everything is as
    /// it was. A person who gives up waiting ends git, which then says so: it is not ended here, in the middle of a file.
    /// </summary>
    public async Task<(MadeCommit? Commit, CheckoutRefusal? Refusal)> CommitAsync(
        IReadOnlyCollection<ChangedFile> files,
        string message
    )
    {
        var cancellationToken = CancellationToken.None;
        string[] paths = [.. files.Select(file => file.Path)];
        var written = new CheckoutFiles(folder, files);
        var refusal = written.Write();
        if (refusal is null)
        {
            var answer = await git.AskAsync(["add", "--", .. paths], cancellationToken);
            if (answer is { IsGood: true })
            {
                // An identity that git makes up of the machine's name is nobody's.
                answer = await git.AskAsync(
                    ["-c", "user.useConfigOnly=true", "commit", "--quiet", "-m", message, "--", .. paths],
                    cancellationToken
                );
            }

            if (answer is { IsGood: true })
            {
                var head = await git.AskAsync(["rev-parse", "HEAD"], cancellationToken);
                return (new MadeCommit(head!.Line, (await BranchAsync(cancellationToken))!), null);
            }

            refusal = new(
                CheckoutRefusalKind.Refused,
                $"git did not commit: {answer?.Complaint}",
                "mend that, or --print the change; git config user.name and user.email say who you are."
            );
        }

        written.Restore();
        await git.AskAsync(["reset", "--quiet", "--", .. paths], cancellationToken);
        return (null, refusal);
    }

    /// <summary>Pushes the branch to where it came from. Null when that is done.</summary>
    public async Task<CheckoutRefusal?> PushAsync(CancellationToken cancellationToken) =>
        await git.AskAsync(["push", "--quiet"], cancellationToken) is { IsGood: false } refused
            ? new(
                CheckoutRefusalKind.NotPushed,
                $"git did not push: {refused.Complaint}",
                "the commit is there; git pull --rebase and git push, or open a pull request."
            )
            : null;

    private async Task<string?> BranchAsync(CancellationToken cancellationToken) =>
        await git.AskAsync(["symbolic-ref", "--quiet", "--short", "HEAD"], cancellationToken) is { IsGood: true } branch
            ? branch.Line
            : null;

    private async Task<string?> BegunAsync(CancellationToken cancellationToken)
    {
        foreach (var head in Begun)
        {
            if (await IsGoodAsync(["rev-parse", "--verify", "--quiet", head], cancellationToken))
            {
                return $"a {head[..^"_HEAD".Length].Replace('_', '-').ToLower(CultureInfo.InvariantCulture)}";
            }
        }

        foreach (var place in new[] { "rebase-merge", "rebase-apply" })
        {
            if (
                await git.AskAsync(["rev-parse", "--git-path", place], cancellationToken) is { IsGood: true } path
                && Directory.Exists(Path.GetFullPath(path.Line, folder))
            )
            {
                return "a rebase";
            }
        }

        return null;
    }

    private async Task<bool> IsGoodAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        await git.AskAsync(arguments, cancellationToken) is { IsGood: true };

    private static async Task<string> OrThrowAsync(
        PersonsGit git,
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken,
        ReadOnlyMemory<byte> input = default
    )
    {
        var answer = await git.AskAsync(arguments, cancellationToken, input);
        return answer is { IsGood: true }
            ? answer.Line
            : throw new IOException($"git {arguments[0]} failed: {answer?.Complaint}");
    }

    private static CheckoutRefusal NotFit(string what, string next) => new(CheckoutRefusalKind.NotFit, what, next);
}
