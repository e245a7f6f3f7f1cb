using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Refreshes;

/// <summary>Staging tenants as the fleet is now: each with its source, and whether its database may be replaced.</summary>
public sealed class StagingReader(
    StagingStore store,
    FleetStore fleet,
    EnvironmentTermsStore environments,
    ReleaseStore releases
)
{
    /// <summary>Those that are in the fleet, by name.</summary>
    public async Task<IReadOnlyList<StagedPair>> ListAsync(CancellationToken cancellationToken)
    {
        var all = await store.ListAsync(cancellationToken);
        if (all.Count == 0)
        {
            return [];
        }

        var members = (
            await fleet.FindAsync(
                all.SelectMany(each => new[] { each.Name, each.Terms.Source }).Distinct(),
                cancellationToken
            )
        ).ToDictionary(member => member.Tenant.Name);
        var series = (
            await releases.FindAsync(
                [.. members.Values.Select(member => member.Tenant.Release).Distinct()],
                cancellationToken
            )
        ).ToDictionary(release => release.Ref.Digest, release => release.Series);
        var world = await WorldAsync(all, members, cancellationToken);
        return
        [
            .. all.Where(each => members.ContainsKey(each.Name))
                .Select(each =>
                {
                    var (target, source) = (members[each.Name], members.GetValueOrDefault(each.Terms.Source));
                    return new StagedPair(
                        each,
                        target,
                        source,
                        Refusal(target, source, each.Terms.Source, world, series)
                    );
                }),
        ];
    }

    /// <summary>Null when git does not say that it is a copy, or it is not in the fleet.</summary>
    public async Task<StagedPair?> FindAsync(TenantName tenant, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).SingleOrDefault(pair => pair.Staging.Name == tenant);

    /// <summary>Null when both are of one series of Odoo, as far as that is known.</summary>
    public async Task<string?> SeriesRefusalAsync(
        ReleaseDigest target,
        ReleaseDigest source,
        CancellationToken cancellationToken
    )
    {
        var found = await releases.FindAsync([target, source], cancellationToken);
        return SeriesRefusal(
            found.FirstOrDefault(release => release.Ref.Digest == target)?.Series,
            found.FirstOrDefault(release => release.Ref.Digest == source)?.Series
        );
    }

    private async Task<StagingWorld> WorldAsync(
        IReadOnlyList<StagingTenant> all,
        Dictionary<TenantName, FleetMember> members,
        CancellationToken cancellationToken
    )
    {
        var terms = await environments.ListAsync(cancellationToken);
        return new(
            all.ToImmutableDictionary(each => each.Name, each => each.Terms.Source),
            [
                .. all.Select(each => members.GetValueOrDefault(each.Terms.Source))
                    .OfType<FleetMember>()
                    .Select(member => member.Pool.Environment),
            ],
            terms.ToImmutableDictionary(each => each.Environment, each => each.Upstream),
            terms.ToImmutableDictionary(each => each.Environment, each => each.Policy)
        );
    }

    private static string? Refusal(
        FleetMember target,
        FleetMember? source,
        TenantName name,
        StagingWorld world,
        Dictionary<ReleaseDigest, string?> series
    ) =>
        source is null
            ? $"is a copy of {name}, and there is no such tenant"
            : StagingRules.Refusal(Place(target), Place(source), world)
                ?? SeriesRefusal(
                    series.GetValueOrDefault(target.Tenant.Release),
                    series.GetValueOrDefault(source.Tenant.Release)
                );

    private static string? SeriesRefusal(string? target, string? source) =>
        target is not null && source is not null && target != source
            ? $"runs Odoo {target}, and what it would get is of {source}"
            : null;

    private static StagedPlace Place(FleetMember member) =>
        new(member.Tenant.Name, member.Pool.Site, member.Pool.Environment);
}

/// <summary>A staging tenant and whose data it has.</summary>
/// <param name="Source">Null where there is no such tenant; then there is a refusal.</param>
/// <param name="Refusal">Half a sentence about the staging tenant; null where its database may be replaced.</param>
public sealed record StagedPair(StagingTenant Staging, FleetMember Target, FleetMember? Source, string? Refusal)
{
    /// <summary>Why nobody but a person has it refreshed now; half a sentence, null when nothing is in the way.</summary>
    public string? Waits =>
        Source is { } source && source.Release != Target.Release
            ? $"{source.Tenant.Name} runs {source.Release.Name}, and {Staging.Name} would go from {Target.Release.Name} back to that with its data"
            : BusyWith;

    /// <summary>The rollout that works on it or will; half a sentence, null for none.</summary>
    public string? BusyWith => Target.BusyWith is { } rollout ? $"rollout {rollout} works on {Staging.Name}" : null;
}
