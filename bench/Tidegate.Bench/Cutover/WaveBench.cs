using System.Diagnostics;
using Tidegate.Demo.Shops;

namespace Tidegate.Bench.Cutover;

/// <summary>The migrations of a wave: four forks at once against four <c>odoo -u</c> one after another, on equal copies.</summary>
internal static class WaveBench
{
    private const int Tenants = 4;
    private const int Rounds = 3;

    public static async Task<Figures> RunAsync(CancellationToken cancellationToken)
    {
        await using var site = await BenchSite.UpAsync(shops: 1, cancellationToken);
        var release = await site.NextReleaseAsync("pass", cancellationToken);
        await BenchSite.CarryOutAsync(site, release.Name, cancellationToken); // its generation is up afterwards
        var migrations = new Migrations(site, release.Digest);
        var (forked, oneByOne) = (new List<double>(), new List<double>());
        for (var round = 1; round <= Rounds; round++)
        {
            forked.Add(await TimeAsync(site, $"fork{round}", ForkedAsync, cancellationToken));
            oneByOne.Add(await TimeAsync(site, $"alone{round}", OneByOneAsync, cancellationToken));
        }

        return new()
        {
            ["speedup"] = Figures.Median(oneByOne) / Figures.Median(forked),
            ["forked_s"] = Figures.Median(forked),
            ["one_by_one_s"] = Figures.Median(oneByOne),
            ["tenants"] = Tenants,
        };

        Task ForkedAsync(IReadOnlyList<BareCopy> copies) =>
            Task.WhenAll(copies.Select(copy => migrations.RunAsync(migrations.Forked, copy, cancellationToken)));

        async Task OneByOneAsync(IReadOnlyList<BareCopy> copies)
        {
            foreach (var copy in copies)
            {
                await migrations.RunAsync(migrations.OnItsOwn, copy, cancellationToken);
            }
        }
    }

    private static async Task<double> TimeAsync(
        ShopSite site,
        string name,
        Func<IReadOnlyList<BareCopy>, Task> migrate,
        CancellationToken cancellationToken
    )
    {
        var copies = new List<BareCopy>();
        try
        {
            for (var number = 1; number <= Tenants; number++)
            {
                copies.Add(await BareCopy.MakeAsync(site, $"{name}_{number}", cancellationToken));
            }

            var watch = Stopwatch.StartNew();
            await migrate(copies);
            return watch.Elapsed.TotalSeconds;
        }
        finally
        {
            foreach (var copy in copies)
            {
                await copy.DisposeAsync();
            }
        }
    }
}
