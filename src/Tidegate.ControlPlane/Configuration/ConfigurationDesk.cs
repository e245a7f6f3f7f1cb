using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Capabilities;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Configuration;

/// <summary>Reads what the configuration gate needs, once, and asks it.</summary>
public sealed class ConfigurationDesk(
    FleetStore fleet,
    ReleaseStore releases,
    CapabilityStore capabilities,
    SiteRequests requests
)
{
    /// <summary>Tenants that a rollout works on at once when nobody says otherwise.</summary>
    private const int RolloutConcurrency = 2;

    private const string Actor = "gate/configuration";

    private static readonly TimeSpan FactsBound = TimeSpan.FromSeconds(10);

    /// <summary>May all pools of an environment take the release? One question a site.</summary>
    public async Task<GateAnswer> AskAsync(
        EnvironmentName environment,
        ReleaseRef release,
        int migrationsAtOnce,
        CancellationToken cancellationToken
    )
    {
        var pools = await fleet.PoolsAsync(cancellationToken);
        var taking = pools.Where(pool => pool.Environment == environment).ToList();
        var capability = await capabilities.FindAsync(release.Digest, cancellationToken);
        var answers = new List<GateAnswer>();
        foreach (var site in taking.GroupBy(pool => pool.Site))
        {
            var facts = await FactsAsync(site.Key, cancellationToken);
            var question = Question(release, capability?.Record, [.. site], pools, facts);
            answers.Add(ConfigurationGate.Ask(question with { MigrationsAtOnce = migrationsAtOnce }));
        }

        return GateReasons.Merge(ConfigurationGate.Name, answers);
    }

    /// <summary>What of a question was not there, or the question with its answer.</summary>
    public async Task<PoolCheck> CheckAsync(PoolName pool, string release, CancellationToken cancellationToken)
    {
        var pools = await fleet.PoolsAsync(cancellationToken);
        if (pools.FirstOrDefault(known => known.Name == pool) is not { } found)
        {
            return new PoolCheck.Unknown(
                $"there is no pool \"{pool}\".",
                "tidegate tenant list shows those there are."
            );
        }

        var known = await releases.FindAsync(release, cancellationToken);
        if (known is null)
        {
            return new PoolCheck.Unknown(
                $"there is no release \"{release}\".",
                "tidegate release list shows those there are."
            );
        }

        var capability = await capabilities.FindAsync(known.Ref.Digest, cancellationToken);
        var facts = await FactsAsync(found.Site, cancellationToken);
        var question = Question(known.Ref, capability?.Record, [found], pools, facts);
        return new PoolCheck.Asked(question, ConfigurationGate.Ask(question));
    }

    /// <returns>Null when the site's server does not answer: the gate cannot tell.</returns>
    private async Task<SiteFacts?> FactsAsync(SiteName site, CancellationToken cancellationToken) =>
        await requests.AskAsync(ReadSiteFacts.Kind, new(site, new(), Actor), FactsBound, cancellationToken)
            is SiteAnswer<FoundSiteFacts>.Given { Answer: var found }
            ? found.Facts
            : null;

    private static ConfigurationQuestion Question(
        ReleaseRef release,
        CapabilityRecord? record,
        ImmutableArray<Pool> taking,
        IReadOnlyCollection<Pool> all,
        SiteFacts? site
    )
    {
        var others = all.Where(pool => pool.Site == taking[0].Site && !taking.Contains(pool));
        return new(
            release,
            record,
            // One generation more than there are, and never fewer than an old and a new one.
            [.. taking.Select(pool => Settings(pool, Math.Max(1, Generations(pool)) + 1))],
            [.. others.Select(pool => Settings(pool, Math.Max(1, Generations(pool))))],
            site,
            RolloutConcurrency
        );

        int Generations(Pool pool) => site?.Generations.GetValueOrDefault(pool.Name.Value) ?? 0;
    }

    private static PoolSettings Settings(Pool pool, int generations) =>
        new(pool.Name, generations, GenerationSettings.Of(GenerationPlaces.OfNobody, pool.Workers, pool.Options));
}
