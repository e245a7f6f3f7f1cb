using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Approvals;

/// <summary>What came of delegating.</summary>
public abstract record DelegateResult
{
    private DelegateResult() { }

    public sealed record Kept : DelegateResult;

    public sealed record Unknown : DelegateResult;

    /// <summary>Nothing was changed; the refusal is in the ledger.</summary>
    public sealed record Refused(string What, string Next) : DelegateResult;
}

/// <summary>Takes delegations: somebody may agree in another's place while it lasts. Only the own place is given, and never for long.</summary>
public sealed class DelegationDesk(
    DelegationStore store,
    ApprovalStore approvals,
    EnvironmentTermsStore terms,
    TimeProvider clock
)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(90);

    private const string Root = "people are named in the fleet's root, tidegate.yaml";

    public Task<IReadOnlyList<KeptDelegation>> ListAsync(CancellationToken cancellationToken) =>
        store.ListAsync(clock.GetUtcNow(), cancellationToken);

    /// <param name="begins">Now when null.</param>
    public async Task<DelegateResult> AddAsync(
        Speaker by,
        string to,
        DateTimeOffset? begins,
        DateTimeOffset ends,
        string? reason,
        string key,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var begin = begins ?? now;
        var people = await PeopleAsync(cancellationToken);
        var from = people.OfAccount(by.Name)?.Name;
        var (what, next) =
            by.IsService ? ($"{by.Name} is a service account: it has no place to give.", Root)
            : from is null ? ($"{by.Name} is no account of a person of the fleet.", Root)
            : people.All.All(person => person.Name != to) ? ($"there is no person {to}.", Root)
            : to == from ? ("one's own place need not be delegated to oneself.", Root)
            : ends <= begin || ends <= now ? ("a delegation ends after it begins, and not in the past.", "--until DATE")
            : ends - begin > Longest ? ("a delegation lasts 90 days at most.", "--until DATE")
            : (null, "");
        if (what is not null)
        {
            await approvals.RefusedAsync(by.Name, null, $"delegation to {to}: {what}", now, cancellationToken);
            return new DelegateResult.Refused(what, next);
        }

        await store.AddAsync(new(from!, to, begin, ends), by.Name, reason, $"{by.Name}:{key}", now, cancellationToken);
        return new DelegateResult.Kept();
    }

    /// <summary>Takes back what the same person delegated.</summary>
    public async Task<DelegateResult> EndAsync(long id, Speaker by, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if ((await store.ListAsync(now, cancellationToken)).FirstOrDefault(kept => kept.Id == id) is not { } kept)
        {
            return new DelegateResult.Unknown();
        }

        if ((await PeopleAsync(cancellationToken)).OfAccount(by.Name)?.Name != kept.Delegation.From)
        {
            var what = FormattableString.Invariant($"delegation {id} is {kept.Delegation.From}'s, not {by.Name}'s.");
            await approvals.RefusedAsync(by.Name, null, what, now, cancellationToken);
            return new DelegateResult.Refused(what, $"{kept.Delegation.From} takes it back");
        }

        await store.EndAsync(id, by.Name, now, cancellationToken);
        return new DelegateResult.Kept();
    }

    /// <summary>Those of the fleet, as the environments have them that ask for approvals.</summary>
    private async Task<People> PeopleAsync(CancellationToken cancellationToken) =>
        (await terms.ListAsync(cancellationToken))
            .Where(each => !each.Policy.Approvals.AsksNothing)
            .OrderByDescending(each => each.AcceptedAt)
            .Select(each => each.Policy.Approvals.People)
            .FirstOrDefault()
        ?? People.Nobody;
}
