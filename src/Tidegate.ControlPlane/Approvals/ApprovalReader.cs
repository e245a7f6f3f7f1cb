using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rehearsals;

namespace Tidegate.ControlPlane.Approvals;

/// <summary>What is known of the work that an approval is about.</summary>
/// <param name="Requirements">Those that speak of it.</param>
/// <param name="Class">Proven for every tenant that was rehearsed, the strongest; null while a tenant is not.</param>
public sealed record KnownWork(
    ImmutableArray<ApprovalRequirement> Requirements,
    string Risk,
    string? Class,
    Authorship Authors,
    ValidationCounts? Findings
);

/// <summary>Error and warning findings of the release's last validation.</summary>
public sealed record ValidationCounts(int Errors, int Warnings);

/// <summary>Reads what the question "is this approved?" depends on.</summary>
public sealed class ApprovalReader(
    ReleaseStore releases,
    RehearsalStore rehearsals,
    AuthorReader authors,
    ApprovalStore approvals,
    DelegationStore delegations
)
{
    public async Task<KnownWork> WorkAsync(
        ReleaseRef release,
        IReadOnlyCollection<string> tenants,
        ImmutableArray<ImmutableArray<string>>? tags,
        EnvironmentTerms terms,
        CancellationToken cancellationToken
    )
    {
        var record = await releases.FindAsync(release.Name, cancellationToken);
        var risk = ReleaseRisk.Word((record?.Risk ?? ReleaseRisk.Normal).Level);
        var proven = (await rehearsals.NewestAsync(release.Digest, cancellationToken)).ToDictionary(
            brief => brief.Tenant.Value,
            brief => brief.Class,
            StringComparer.Ordinal
        );
        var classes = tenants.Select(tenant => proven.GetValueOrDefault(tenant)).ToList();
        var strongest = classes.Count == 0 || classes.Contains(null) ? null : classes.Max()?.ToString();
        var subject = new ApprovalSubject(
            risk,
            strongest,
            tags?.Select(each => each.ToImmutableHashSet(StringComparer.Ordinal)).ToImmutableArray()
        );
        return new(
            ApprovedGate.Applying(terms.Policy.Approvals, subject),
            risk,
            strongest,
            await authors.OfAsync(terms, release.Digest, record, cancellationToken),
            record?.Validation is { } validation ? new(validation.Counts.Errors, validation.Counts.Warnings) : null
        );
    }

    /// <summary>The same of many is said at once.</summary>
    /// <param name="binding">Of what is planned now.</param>
    /// <param name="starters">Who starts it, beside whoever asked for it.</param>
    public async Task<ApprovalFacts> FactsAsync(
        ApprovalRecord record,
        ApprovalBinding binding,
        KnownWork work,
        EnvironmentTerms terms,
        IEnumerable<string> starters,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var others = await approvals.OthersAsync(record, MostOthers, cancellationToken);
        var bindings = others.Append(record).ToDictionary(each => each.Id, each => each.Binding);
        var said = await approvals.StatementsAsync(bindings.Keys, cancellationToken);
        return new(
            work.Requirements,
            terms.Policy.Approvals.People,
            binding,
            [
                .. said.Where(kept => kept.Approval == record.Id && kept.Said is KeptStatement.Asked)
                    .Select(kept => kept.By)
                    .Concat(starters)
                    .Distinct(StringComparer.Ordinal),
            ],
            work.Authors,
            [
                .. said.Where(kept =>
                        kept is { IsWithdrawn: false, Said: KeptStatement.Approved or KeptStatement.Rejected }
                    )
                    .Select(kept => new ApprovalStatement(
                        kept.Said is KeptStatement.Approved ? ApprovalSaid.Approved : ApprovalSaid.Rejected,
                        kept.By,
                        kept.IsService,
                        kept.At,
                        kept.Until ?? DateTimeOffset.MaxValue,
                        kept.Reason,
                        bindings[kept.Approval]
                    )),
            ],
            [.. (await delegations.ListAsync(now, cancellationToken)).Select(kept => kept.InForce)]
        );
    }

    /// <summary>Plans of the same release whose approvals are told to be void.</summary>
    private const int MostOthers = 20;
}
