using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Observations;

/// <summary>Gives a plan what is known of its tenants, and has the sites look again at what is too old.</summary>
public sealed class FreshObservations(ObservationStore store, SiteRequests requests, ObservationOptions options)
{
    /// <summary>Tenants of one request: a site does a few at once, and what it has done by then serves, however many follow.</summary>
    private const int Chunk = 100;

    /// <summary>Reads what is stored, once; and once more when a site had to look again.</summary>
    /// <param name="wanted">The tenants that it is to be fresh of.</param>
    public async Task<IReadOnlyDictionary<TenantName, StoredObservation>> ReadAsync(
        EnvironmentName environment,
        IReadOnlyCollection<FleetMember> wanted,
        CancellationToken cancellationToken
    )
    {
        var stored = await store.ReadAsync(environment, cancellationToken);
        var stale = wanted
            .Where(member =>
                wanted.Count <= options.Few
                || stored.GetValueOrDefault(member.Tenant.Name) is not { IsGood: true } seen
                || seen.Age > options.Bound
            )
            .ToList();
        if (stale.Count == 0)
        {
            return stored;
        }

        await Task.WhenAll(
            stale
                .GroupBy(member => member.Pool.Site)
                .SelectMany(site => site.Chunk(Chunk))
                .Select(chunk =>
                    requests.AskAsync(
                        ObserveTenants.Kind,
                        new(chunk[0].Pool.Site, new([.. chunk.Select(member => member.Tenant)]), "plan"),
                        options.Patience,
                        cancellationToken
                    )
                )
        );
        return await store.ReadAsync(environment, cancellationToken);
    }

    /// <summary>Null when this may be planned with; otherwise one sentence that says why not.</summary>
    public string? Refusal(FleetMember member, StoredObservation? seen) =>
        seen is null
            ? $"{member.Tenant.Name}: database {member.Tenant.Database} has not been looked at; the server of site {member.Pool.Site} did not within {options.Patience.TotalSeconds} s, its log says why. Plan again."
        : seen.Age > options.Bound
            ? $"{member.Tenant.Name}: database {member.Tenant.Database} was last looked at {seen.Age.TotalMinutes:0} minutes ago, and the server of site {member.Pool.Site} did not again within {options.Patience.TotalSeconds} s; its log says why. Plan again."
        : null;
}
