using System.Collections.Immutable;
using Tidegate.ControlPlane.Following;

namespace Tidegate.Drivers.Git;

/// <summary>Lets git check signatures against the keys that this home knows.</summary>
internal sealed class GitSignatures(GitMirror mirror, KnownKeys keys)
{
    public async Task<IReadOnlyDictionary<CommitId, CommitSignature>> CheckAsync(
        ImmutableArray<(CommitId Commit, SignatureForm Form)> signed,
        CancellationToken cancellationToken
    )
    {
        var verdicts = signed
            .Where(each => CannotBeChecked(each.Form) is not null)
            .ToDictionary(
                each => each.Commit,
                CommitSignature (each) => new CommitSignature.Unverifiable(CannotBeChecked(each.Form)!)
            );
        var rest = signed.Where(each => !verdicts.ContainsKey(each.Commit)).ToList();
        if (rest.Count == 0)
        {
            return verdicts;
        }

        var known = await keys.ReadAsync(cancellationToken);
        // Every field is of git's or the checker's own making, on a line of its own.
        var answer = await mirror.ReadAsync(
            [
                "-c",
                $"gpg.ssh.allowedSignersFile={known.AllowedSigners}",
                "log",
                "--no-walk=unsorted",
                "-z",
                "--format=%H%n%G?%n%GK%n%GP%n%GF",
                "--stdin",
            ],
            string.Concat(rest.Select(each => $"{each.Commit}\n")),
            cancellationToken,
            ImmutableDictionary<string, string>.Empty.SetItem("GNUPGHOME", known.Keyring)
        );
        if (answer.ExitCode != 0)
        {
            throw new GitFailedException(GitComplaint.OfMirror(mirror, answer.Error));
        }

        var lines = answer
            .Text.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(record => record.Split('\n'))
            .Where(fields => fields.Length == 5)
            .ToDictionary(fields => fields[0], StringComparer.Ordinal);
        foreach (var (commit, form) in rest)
        {
            verdicts[commit] = lines.TryGetValue(commit.Value, out var fields)
                ? SignatureVerdict.Of(form, fields, known.Unreadable)
                : new CommitSignature.Unverifiable("git does not say what it found.");
        }

        return verdicts;
    }

    private static string? CannotBeChecked(SignatureForm form) =>
        form switch
        {
            SignatureForm.OpenPgp => Programs.Find("gpg") is null ? "gpg is not installed here." : null,
            SignatureForm.Ssh => Programs.Find("ssh-keygen") is null ? "ssh-keygen is not installed here." : null,
            SignatureForm.None or SignatureForm.Other => "only OpenPGP and SSH signatures are checked.",
        };
}
