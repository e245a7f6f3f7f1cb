using System.Collections.Immutable;
using Tidegate.Contracts.Drift;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Emergencies;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Drift;

/// <summary>Shows what is known of drift, and has sites checked by their own servers.</summary>
public sealed class DriftDesk(
    DriftStore store,
    LastActStore acts,
    FleetStore fleet,
    EnvironmentTermsStore terms,
    EmergencyStore emergencies,
    SiteRequests requests
)
{
    private static readonly TimeSpan CheckBound = TimeSpan.FromMinutes(4);

    /// <summary>What of it whoever asks may see: of their tenants, and of their environments' generations.</summary>
    public async Task<DriftView> ShowAsync(DriftFilter filter, Visible visible, CancellationToken cancellationToken)
    {
        ImmutableArray<StoredDifference> differences =
        [
            .. (await store.ReadAsync(filter, cancellationToken)).Where(stored => Shows(visible, stored.Difference)),
        ];
        ImmutableArray<FleetMember> members =
        [
            .. (await fleet.ListAsync(filter.Environment, cancellationToken)).Where(member =>
                visible.HasTenant(member.Tenant.Name.Value)
            ),
        ];
        var last = await LastAsync(differences, members, cancellationToken);
        var modes = (await terms.ListAsync(cancellationToken)).ToDictionary(
            environment => environment.Environment,
            environment => environment.Policy.Drift
        );
        var sites = Sites(filter, visible, members);
        return new(
            [
                .. (await store.ChecksAsync(cancellationToken))
                    .Where(check => sites is null || sites.Contains(check.Site))
                    .Select(check => DriftDocumentMapping.View(check, visible)),
            ],
            [
                .. differences.Select(stored =>
                    DriftDocumentMapping.View(
                        stored,
                        last.GetValueOrDefault(stored.Difference.Subject),
                        stored.Difference.Environment is { } environment
                            ? modes.GetValueOrDefault(environment, DriftMode.Report)
                            : DriftMode.Report
                    )
                ),
            ],
            [
                .. (await emergencies.UnaskedAsync(cancellationToken))
                    .Where(unasked =>
                        visible.HasEnvironment(unasked.Environment.Value) && IsAbout(filter, members, unasked)
                    )
                    .Select(DriftDocumentMapping.View),
            ]
        );
    }

    private static bool Shows(Visible visible, Difference difference) =>
        difference.Subject.Kind is "tenant"
            ? visible.HasTenant(difference.Subject.Name)
            : visible.IsEverything
                || (difference.Environment is { } environment && visible.HasEnvironment(environment.Value));

    private static bool IsAbout(DriftFilter filter, IReadOnlyCollection<FleetMember> members, UnaskedRelease unasked) =>
        (filter.Environment is null || filter.Environment == unasked.Environment)
        && (
            filter.Subject is not { } subject
            || members.Any(member =>
                DriftSubject.Of(member.Tenant.Name) == subject
                && member.Pool.Environment == unasked.Environment
                && member.Release.Name == unasked.Release
            )
        );

    /// <returns>Null when no pool is in the environment.</returns>
    public async Task<CheckedSites?> CheckAsync(
        EnvironmentName? environment,
        bool wait,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var sites = (await fleet.PoolsAsync(cancellationToken))
            .Where(pool => environment is null || pool.Environment == environment)
            .Select(pool => pool.Site)
            .Distinct()
            .OrderBy(site => site.Value, StringComparer.Ordinal)
            .ToList();
        if (sites.Count == 0 && environment is not null)
        {
            return null;
        }

        var answers = await Task.WhenAll(
            sites.Select(async site =>
                await requests.AskAsync(
                    CheckDrift.Kind,
                    new(site, new(), actor),
                    wait ? CheckBound : TimeSpan.Zero,
                    cancellationToken
                ) switch
                {
                    SiteAnswer<CheckedDrift>.Given { Answer: var answer } => new CheckedSite(
                        site.Value,
                        answer.Judged,
                        answer.Differences,
                        answer.Unjudged,
                        null
                    ),
                    SiteAnswer<CheckedDrift>.Missing missing => new CheckedSite(
                        site.Value,
                        null,
                        null,
                        null,
                        missing.Reason
                    ),
                    _ => throw new System.Diagnostics.UnreachableException(),
                }
            )
        );
        return new(answers);
    }

    /// <summary>Whether the fleet has a tenant of that name.</summary>
    public async Task<bool> KnowsAsync(TenantName tenant, CancellationToken cancellationToken) =>
        (await fleet.FindAsync([tenant], cancellationToken)).Count > 0;

    /// <summary>Whether the fleet has pools in that environment.</summary>
    public async Task<bool> KnowsAsync(EnvironmentName environment, CancellationToken cancellationToken) =>
        (await fleet.PoolsAsync(cancellationToken)).Any(pool => pool.Environment == environment);

    private static HashSet<SiteName>? Sites(
        DriftFilter filter,
        Visible visible,
        IReadOnlyCollection<FleetMember> members
    ) =>
        filter switch
        {
            { Subject: { } subject } => members
                .Where(member => DriftSubject.Of(member.Tenant.Name) == subject)
                .Select(member => member.Pool.Site)
                .ToHashSet(),
            { Environment: null } when visible.IsEverything => null,
            _ => members.Select(member => member.Pool.Site).ToHashSet(),
        };

    /// <summary>By subject: of a generation, the last that was done to one of its tenants.</summary>
    private async Task<Dictionary<DriftSubject, LastAct>> LastAsync(
        IReadOnlyCollection<StoredDifference> differences,
        IReadOnlyCollection<FleetMember> members,
        CancellationToken cancellationToken
    )
    {
        var subjects = differences.Select(stored => stored.Difference.Subject).ToHashSet();
        var concerned = members
            .SelectMany(member =>
                new[]
                {
                    DriftSubject.Of(member.Tenant.Name),
                    DriftSubject.Of(member.Pool.Name, member.Tenant.Release),
                }.Select(subject => (subject, member.Tenant.Name))
            )
            .Where(pair => subjects.Contains(pair.subject))
            .ToList();
        var done = await acts.LastAsync(concerned.Select(pair => pair.Name), cancellationToken);
        return concerned
            .Where(pair => done.ContainsKey(pair.Name))
            .GroupBy(pair => pair.subject, pair => done[pair.Name])
            .ToDictionary(same => same.Key, same => same.MaxBy(act => act.At)!);
    }
}
