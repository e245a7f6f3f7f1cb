using System.CommandLine;
using Tidegate.Cli;
using Tidegate.Contracts.Promotion;
using Tidegate.ControlPlane.DesiredState.Changes;
using Tidegate.Drivers.Git;

namespace Tidegate.Server.Commands;

/// <summary>What came of promoting a release, for people and programs.</summary>
/// <param name="change">Null when the release was asked for already.</param>
internal sealed class PromotedText(PromotionAnswer answer, ReleaseChange.Planned? change)
{
    public void Asked(ParseResult parsed, bool json)
    {
        if (json)
        {
            WriteJson(parsed, "asked");
        }
        else
        {
            parsed.Output().WriteLine($"{answer.Environment} asks for {answer.Release} already");
        }
    }

    public void Print(ParseResult parsed, bool json, string patch)
    {
        if (json)
        {
            WriteJson(parsed, "printed", patch: patch);
        }
        else
        {
            parsed.Output().Write(patch);
        }
    }

    public void Committed(ParseResult parsed, bool json, MadeCommit commit, bool isPushed)
    {
        if (json)
        {
            WriteJson(parsed, "committed", commit);
            return;
        }

        var from = change?.From is { } before ? $" instead of {before}" : "";
        parsed
            .Output()
            .WriteLine(
                $"{answer.Environment} asks for {answer.Release}{from} in commit {commit.Id} on {commit.Branch}"
            );
        if (!isPushed)
        {
            parsed.Error().WriteLine("next: git push");
        }
    }

    private void WriteJson(ParseResult parsed, string outcome, MadeCommit? commit = null, string? patch = null) =>
        parsed.WriteJson(
            new
            {
                schema = "tidegate.promotion/1",
                outcome,
                environment = answer.Environment,
                release = answer.Release,
                digest = answer.Digest,
                from = change?.From?.Value,
                files = change?.Files.Select(file => file.Path).ToList() ?? [],
                commit = commit?.Id,
                branch = commit?.Branch,
                patch,
                gates = answer.Gates,
            }
        );
}
