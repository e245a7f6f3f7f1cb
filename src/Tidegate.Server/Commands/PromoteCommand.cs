using System.CommandLine;
using Tidegate.Cli;
using Tidegate.Cli.Client;
using Tidegate.Contracts;
using Tidegate.Contracts.Promotion;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Changes;
using Tidegate.ControlPlane.DesiredState.Reading;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Git;
using EnvironmentName = Tidegate.ControlPlane.Fleet.EnvironmentName;

namespace Tidegate.Server.Commands;

/// <summary><c>tidegate promote</c>.</summary>
internal sealed class PromoteCommand
{
    private const string Text = """
        Ask for a release in an environment: change its line in the fleet's files, and commit that

        Example: tidegate promote 2026.11.2 --to production --fleet ./fleet --push

        The control plane is asked first whether the release may enter (docs/promotion.md has the gates); while one does
        not let it through, nothing is written. Only the line of the release changes, and the release's own file is added
        where the fleet has none; the commit is yours, and has nothing else in it.
        Exit code 0: it is asked for, or was already; 3: a gate does not let it through, or the files are not in a fit state.
        """;

    private readonly Argument<string> release = new("RELEASE") { Description = "The release, like 2026.11.2" };
    private readonly Option<string> to = new("--to") { Description = "The environment", Required = true };
    private readonly Option<string> fleet = new("--fleet")
    {
        Description = "The fleet's folder in your clone of its repository, the one with tidegate.yaml (default: here)",
        DefaultValueFactory = _ => ".",
    };
    private readonly Option<bool> print = new("--print")
    {
        Description =
            "Print the change as a patch for git apply, and write nothing: for a branch that only a merge may change",
    };
    private readonly Option<bool> push = new("--push") { Description = "Push the commit" };
    private readonly Option<bool> ahead = new("--ahead")
    {
        Description = "Write it although a gate does not let it through yet: what is planned then waits",
    };
    private readonly Option<bool> json = JsonOption.Create();

    public static Command Create()
    {
        var verb = new PromoteCommand();
        var command = new Command("promote", Text)
        {
            verb.release,
            verb.to,
            verb.fleet,
            verb.print,
            verb.push,
            verb.ahead,
            verb.json,
        };
        command.SetAction(verb.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (name, environment, place) = Names(parsed);
        var before = FleetCommand.ReadGood(place, cancellationToken);
        if (before.Environments.Find(environment) is null)
        {
            throw Problem(
                ProblemCodes.NotFound,
                $"the fleet in {place} has no environment \"{environment}\".",
                $"tidegate fleet render {place} shows those there are."
            );
        }

        var (opened, none) = await FleetCheckout.OpenAsync(place, cancellationToken);
        var checkout = opened ?? throw Problem(none!);
        using var client = ServerOption.Connect(parsed);
        var known = await PromotedRelease.FindAsync(client, name, environment, cancellationToken);
        var change = Planned((new FolderFiles(place), before), environment, known.Release, cancellationToken);
        if (change is null)
        {
            return await AlreadyAsync(parsed, checkout, known, cancellationToken);
        }

        if (await checkout.UnfitAsync(commits: !parsed.GetValue(print), cancellationToken) is { } unfit)
        {
            throw Problem(unfit);
        }

        Judge(parsed, known.Answer);
        var outcome = new PromotedText(known.Answer, change);
        if (parsed.GetValue(print))
        {
            outcome.Print(parsed, parsed.GetValue(json), await checkout.PatchAsync(change.Files, cancellationToken));
            return ExitCodes.Done;
        }

        var (commit, refusal) = await checkout.CommitAsync(change.Files, $"Promote {name} to {environment}");
        outcome.Committed(parsed, parsed.GetValue(json), commit ?? throw Problem(refusal!), parsed.GetValue(push));
        return await PushAsync(parsed, checkout, cancellationToken);
    }

    private (ReleaseName Release, EnvironmentName Environment, string Fleet) Names(ParseResult parsed)
    {
        if (parsed.GetValue(print) && parsed.GetValue(push))
        {
            throw Problem(ProblemCodes.Invalid, "--print writes nothing that --push could push.", "give one of them.");
        }

        // Names become paths of files.
        var (name, environment) = (parsed.GetRequiredValue(release), parsed.GetRequiredValue(to));
        return (ReleaseChange.NameRefusal(name) ?? NameRules.Refusal("environment", environment)) is { } wrong
            ? throw Problem(ProblemCodes.Invalid, wrong, "tidegate promote --help")
            : (new ReleaseName(name), new EnvironmentName(environment), parsed.GetRequiredValue(fleet));
    }

    /// <summary>Null when the fleet asks for it already.</summary>
    private static ReleaseChange.Planned? Planned(
        (IFleetFiles Files, DesiredFleet Fleet) before,
        EnvironmentName environment,
        DesiredRelease release,
        CancellationToken cancellationToken
    ) =>
        ReleaseChange.Plan(before, environment, release, cancellationToken) switch
        {
            ReleaseChange.Planned planned => planned,
            ReleaseChange.Asked => null,
            ReleaseChange.Refused refused => throw Problem(ProblemCodes.Blocked, refused.What, refused.Next),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private void Judge(ParseResult parsed, PromotionAnswer answer)
    {
        var closed = answer.Gates.Where(gate => !gate.LetsThrough).ToList();
        if (closed.Count == 0)
        {
            return;
        }

        if (!parsed.GetValue(ahead))
        {
            var why = closed.Select(gate => $"{gate.Gate}: {(gate.Reasons is [var first, ..] ? first.What : "?")}");
            throw Problem(
                ProblemCodes.Blocked,
                $"{answer.Release} may not enter {answer.Environment} yet. {string.Join(" ", why)}",
                $"{(closed[0].Reasons is [{ Next: var next }, ..] ? next : "clear that")}; or --ahead asks for it now, and what is planned waits."
            );
        }

        if (!parsed.GetValue(json))
        {
            Cli.Promotion.PromotionText.Write(parsed.Error(), closed);
        }
    }

    private async Task<int> AlreadyAsync(
        ParseResult parsed,
        FleetCheckout checkout,
        PromotedRelease known,
        CancellationToken cancellationToken
    )
    {
        new PromotedText(known.Answer, null).Asked(parsed, parsed.GetValue(json));
        return await PushAsync(parsed, checkout, cancellationToken);
    }

    private async Task<int> PushAsync(ParseResult parsed, FleetCheckout checkout, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(push) && await checkout.PushAsync(cancellationToken) is { } refusal)
        {
            throw Problem(refusal);
        }

        return ExitCodes.Done;
    }

    private static ProblemException Problem(CheckoutRefusal refusal) =>
        Problem(
            refusal.Kind switch
            {
                CheckoutRefusalKind.NoRepository => ProblemCodes.Invalid,
                CheckoutRefusalKind.NotFit => ProblemCodes.Blocked,
                CheckoutRefusalKind.Refused => ProblemCodes.Failed,
                CheckoutRefusalKind.NotPushed => ProblemCodes.Conflict,
            },
            refusal.What,
            refusal.Next
        );

    private static ProblemException Problem(string code, string what, string next) =>
        new(new ApiProblem(code, what, next));
}
