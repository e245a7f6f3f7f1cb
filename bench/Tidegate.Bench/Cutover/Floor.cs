using System.Diagnostics;
using System.Net;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Demo.Shops;

namespace Tidegate.Bench.Cutover;

/// <summary>The least that anybody can do to move a shop: a bare copy, <c>odoo -u</c>, and the first page of a fresh server that is already up. Seconds.</summary>
internal sealed record Floor(double Copy, double Migrate, double Page)
{
    public double Seconds => Copy + Migrate + Page;

    public static async Task<Floor> MeasureAsync(
        ShopSite site,
        ReleaseDigest release,
        string suffix,
        CancellationToken cancellationToken
    )
    {
        await using var server = await FloorServer.StartAsync(site, release, cancellationToken);
        var migrations = new Migrations(site, release);

        var watch = Stopwatch.StartNew();
        await using var copied = await BareCopy.MakeAsync(site, $"floor{suffix}", cancellationToken);
        var copy = watch.Elapsed.TotalSeconds;
        await migrations.RunAsync(migrations.OnItsOwn, copied, cancellationToken);
        var migrate = watch.Elapsed.TotalSeconds - copy;
        var status = await server.FirstPageAsync(copied.Name, cancellationToken);
        var page = watch.Elapsed.TotalSeconds - copy - migrate;
        return status is HttpStatusCode.OK
            ? new Floor(copy, migrate, page)
            : throw new InvalidOperationException($"The bare server answers {(int)status}.");
    }
}
