using Tidegate.ControlPlane.Catalog;
using Tidegate.Demo.Shops;
using Tidegate.Demo.Story;

namespace Tidegate.Bench.Rehearsals;

/// <summary>Releases that shops take one after another: the samples' that go out, then any number made of the last of them. Their migrations differ, and so does what they take with a shop's size.</summary>
internal sealed class ReleaseLine(ShopSite site)
{
    private const string Module = "shop_promo";
    private const string LastVersion = "19.0.1.0.0";

    /// <summary>One line of Python each, given the release's number: nothing, a column of every order, an index over the books.</summary>
    private static readonly Func<int, string>[] Migrations =
    [
        _ => "pass",
        number =>
            $"cr.execute('alter table sale_order add column bench_{number} text'); cr.execute('update sale_order set bench_{number} = name')",
        number => $"cr.execute('create index bench_{number} on account_move_line (partner_id, date, balance)')",
    ];

    private readonly Repository _repository = Repository.Find();
    private int _given;

    /// <summary>Registers the next one and gives its name.</summary>
    public async Task<string> NextAsync(CancellationToken cancellationToken)
    {
        var samples = Chapter
            .Of(_repository.SampleAddons)
            .Where(chapter => chapter.GoesOut is true)
            .Select(chapter => (Name: chapter.Release, chapter.Addons))
            .ToList();
        var number = ++_given - samples.Count;
        var (name, addons) =
            number <= 0 ? samples[_given - 1] : await WriteAsync(samples[^1].Addons, number, cancellationToken);
        var core = await ReleaseShelf.FindCoreAsync(_repository, cancellationToken);
        var share = await ReleaseShelf.FindShareAsync(_repository, cancellationToken);
        var store = new BundleStore(site.Layout.Bundles, share);
        await new ReleaseShelf(store, site.ControlPlane, core, TimeProvider.System).AddAsync(
            name,
            addons,
            cancellationToken
        );
        return name;
    }

    private async Task<(string Name, string Addons)> WriteAsync(
        string origin,
        int number,
        CancellationToken cancellationToken
    )
    {
        var (name, version) = (FormattableString.Invariant($"2026.12.{number}"), $"19.0.2.{number}.0");
        var addons = Path.Combine(site.Layout.Home, "addons", name);
        await new NewerAddons(Module, LastVersion, version).WriteAsync(
            origin,
            addons,
            Migrations[(number - 1) % Migrations.Length](number),
            cancellationToken
        );
        return (name, addons);
    }
}
