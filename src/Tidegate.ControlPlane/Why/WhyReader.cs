using System.Collections.Immutable;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Approvals;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion.Gates;

namespace Tidegate.ControlPlane.Why;

/// <summary>
/// Follows what does not move to what it waits for, and that on to what is blocked. So many links and blockers at most,
/// each read once, however large the fleet is. What whoever asks may not see is passed over as if there were no such thing.
/// </summary>
public sealed class WhyReader(WhyStore store, BlockerStore blockers, ReleaseStore releases, ApprovalDesk approvals)
{
    private const int MostLinks = 25;
    private const int MostBlockers = 25;

    /// <param name="text">A subject, or a name that only one object has.</param>
    public async Task<WhyAnswer> AskAsync(string text, Visible visible, CancellationToken cancellationToken)
    {
        ImmutableArray<WhySubject> meant = WhySubject.Parse(text) switch
        {
            null => await store.NamedAsync(text, cancellationToken),
            // Its first digits are enough.
            { Kind: WhySubject.Commit } commit =>
            [
                .. (await store.NamedAsync(commit.Name, cancellationToken)).Where(one => one.Kind == commit.Kind),
            ],
            { } subject => [subject],
        };
        meant = await VisibleAsync(meant, visible, cancellationToken);
        if (meant is not [var asked])
        {
            return meant.IsEmpty ? new WhyAnswer.Unknown() : new WhyAnswer.Ambiguous(meant);
        }

        var next = new Queue<WhySubject>([asked]);
        var seen = new HashSet<WhySubject>(next);
        var chain = ImmutableArray.CreateBuilder<WhyLink>();
        while (chain.Count < MostLinks && next.TryDequeue(out var one))
        {
            if (await LinkAsync(one, visible, cancellationToken) is not { } link)
            {
                continue;
            }

            chain.Add(link);
            foreach (var more in link.WaitsFor.Select(WhySubject.Parse).OfType<WhySubject>().Where(seen.Add))
            {
                next.Enqueue(more);
            }
        }

        return chain.Count == 0 ? new WhyAnswer.Unknown() : new WhyAnswer.Told(chain.ToImmutable(), next.Count == 0);
    }

    private async Task<ImmutableArray<WhySubject>> VisibleAsync(
        ImmutableArray<WhySubject> subjects,
        Visible visible,
        CancellationToken cancellationToken
    )
    {
        if (visible.IsEverything)
        {
            return subjects;
        }

        var shown = ImmutableArray.CreateBuilder<WhySubject>();
        foreach (var subject in subjects)
        {
            if (
                subject.Kind switch
                {
                    WhySubject.Tenant => visible.HasTenant(subject.Name),
                    WhySubject.Environment => visible.HasEnvironment(subject.Name),
                    WhySubject.Release => true, // it is no shop's; who asks for it is told of what is visible
                    WhySubject.Commit => await store.AsksAsync(subject.Name, visible, cancellationToken),
                    _ => await store.EnvironmentOfAsync(subject, cancellationToken) is { } environment
                        && visible.HasEnvironment(environment),
                }
            )
            {
                shown.Add(subject);
            }
        }

        return shown.ToImmutable();
    }

    private async Task<ImmutableArray<string>> VisibleAsync(
        ImmutableArray<string> subjects,
        Visible visible,
        CancellationToken cancellationToken
    ) =>
        visible.IsEverything
            ? subjects
            :
            [
                .. (
                    await VisibleAsync(
                        [.. subjects.Select(WhySubject.Parse).OfType<WhySubject>()],
                        visible,
                        cancellationToken
                    )
                ).Select(subject => subject.ToString()),
            ];

    /// <summary>Null where there is no such object.</summary>
    private async Task<WhyLink?> LinkAsync(WhySubject subject, Visible visible, CancellationToken cancellationToken)
    {
        var found = subject.Kind switch
        {
            WhySubject.Tenant => await store.TenantAsync(subject.Name, cancellationToken),
            WhySubject.Rollout => await store.RolloutAsync(subject.Name, cancellationToken),
            WhySubject.Environment => await store.EnvironmentAsync(subject.Name, cancellationToken),
            WhySubject.Commit => await store.CommitAsync(subject.Name, visible, cancellationToken),
            WhySubject.Source => await store.SourceAsync(cancellationToken),
            WhySubject.Release => await ReleaseAsync(subject.Name, visible, cancellationToken),
            WhySubject.Approval => await ApprovalAsync(subject.Name, cancellationToken),
            _ => null,
        };
        if (found is not null)
        {
            found = found with
            {
                Beside = await VisibleAsync(found.Beside, visible, cancellationToken),
                WaitsFor = await VisibleAsync(found.WaitsFor, visible, cancellationToken),
            };
        }

        var stored = await blockers.OfAsync(
            [subject.ToString(), .. found?.Beside ?? []],
            MostBlockers,
            cancellationToken
        );
        return found is not null ? found with { Blockers = [.. found.Blockers, .. stored] }
            : stored.Count > 0 ? new(subject.ToString(), $"{subject} is blocked.") { Blockers = [.. stored] }
            : null;
    }

    private async Task<WhyLink?> ReleaseAsync(string name, Visible visible, CancellationToken cancellationToken)
    {
        var link = await store.ReleaseAsync(name, visible, cancellationToken);
        if (await releases.FindAsync(name, cancellationToken) is not { } record)
        {
            return link;
        }

        var subject = new WhySubject(WhySubject.Release, name).ToString();
        link ??= new WhyLink(
            subject,
            $"{name} is registered, and no environment{WhyStore.Where(visible)} asks for it."
        );
        return record.Block is { } block
            ? link with
            {
                Blockers =
                [
                    .. BlockGate.Ask(record).Reasons.Select(reason => reason.Blocker(subject, block.At, origin: null)),
                ],
            }
            : link;
    }

    private async Task<WhyLink?> ApprovalAsync(string id, CancellationToken cancellationToken)
    {
        if (await approvals.FindAsync(new ApprovalId(id), cancellationToken) is not { } known)
        {
            return null;
        }

        var (record, answer) = (known.Record, known.Outcome.Answer);
        var subject = new WhySubject(WhySubject.Approval, id).ToString();
        var stands =
            !known.Void.IsEmpty ? $"is void: {string.Join(" and ", known.Void)} changed since it was asked for"
            : answer.Verdict is GateVerdict.Pass ? "is given"
            : "is not given";
        return new(subject, $"The approval of {record.Release.Name} in {record.Environment} {stands}.")
        {
            Blockers = [.. answer.Reasons.Select(reason => reason.Blocker(subject, record.AskedAt, origin: null))],
            WaitsFor = [new WhySubject(WhySubject.Environment, record.Environment.Value).ToString()],
        };
    }
}
