using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Configuration;

/// <summary>How many connections the pools of a site may open at most, against what its cluster lets in. Pure.</summary>
/// <param name="Needed">By all together, at the worst moment of the rollout.</param>
/// <param name="Offered">To roles that are no superuser.</param>
/// <param name="Parts">What it is made of, for people.</param>
public sealed record ConnectionBudget(int Needed, int Offered, ImmutableArray<string> Parts)
{
    /// <summary>For Tidegate itself: its control database, its looks at tenants, its steps.</summary>
    public const int Own = 2 * ControlDatabase.MostConnections;

    public bool Fits => Needed <= Offered;

    /// <summary>
    /// Each Odoo process keeps to its own <c>db_maxconn</c> over all databases (Odoo's connection pool raises beyond
    /// it): the web workers, the evented process, the children that run jobs, and each migration.
    /// </summary>
    public static ConnectionBudget Of(ConfigurationQuestion question, SiteFacts site)
    {
        var parts = ImmutableArray.CreateBuilder<string>();
        var needed = 0L;
        foreach (var pool in question.Taking.Concat(question.Others))
        {
            var one = PerGeneration(pool);
            needed += (long)pool.Generations * one;
            parts.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{pool.Pool} {pool.Generations * one} ({pool.Generations} {(pool.Generations == 1 ? "generation" : "generations")} of {one})"
                )
            );
        }

        var migrations =
            question.MigrationsAtOnce * (long)question.Taking.Select(ConnectionsEach).DefaultIfEmpty().Max();
        parts.Add(string.Create(CultureInfo.InvariantCulture, $"migrations {migrations}"));
        parts.Add(string.Create(CultureInfo.InvariantCulture, $"Tidegate {Own}"));
        var offered = site.MaxConnections - site.ReservedConnections;
        return new((int)Math.Min(int.MaxValue, needed + migrations + Own), offered, parts.DrainToImmutable());
    }

    private static int PerGeneration(PoolSettings pool) =>
        ((Number(pool, "workers") + CronProcess.Threads) * ConnectionsEach(pool)) + Number(pool, "db_maxconn_gevent");

    private static int ConnectionsEach(PoolSettings pool) => Number(pool, "db_maxconn");

    // What is no number is told by its own finding.
    private static int Number(PoolSettings pool, string name) =>
        int.TryParse(pool.Find(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
