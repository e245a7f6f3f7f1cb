using System.Diagnostics;
using Tidegate.Demo.Shops;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Bench.Recovery;

/// <summary>What everybody else does: a dump of a database, restored with two jobs into an empty one. Seconds.</summary>
internal sealed record RestoreBench(double Dump, double Restore, long Bytes)
{
    public static async Task<RestoreBench> MeasureAsync(
        ShopSite site,
        string database,
        CancellationToken cancellationToken
    )
    {
        var beside = $"{database}__restored";
        var dump = Path.Combine(site.Layout.Home, "restore.dump");
        var to = new[] { "-h", site.Layout.PostgresSocket, "-U", SitePostgres.Superuser };
        await using var session = await site.Layout.Cluster.OpenAsync(
            SitePostgres.Maintenance,
            SitePostgres.Superuser,
            cancellationToken
        );
        var bytes = await session.ScalarAsync<long>("select pg_database_size($1::name)", [database], cancellationToken);
        try
        {
            var watch = Stopwatch.StartNew();
            await RunAsync("pg_dump", [.. to, "-Fc", "-f", dump, database]);
            var dumped = watch.Elapsed.TotalSeconds;
            await session.ExecuteAsync($"CREATE DATABASE {Sql.Name(beside)} TEMPLATE template0", cancellationToken);
            watch.Restart();
            await RunAsync(
                "pg_restore",
                [.. to, "-d", beside, "-j2", "--no-owner", "--no-acl", "--exit-on-error", dump]
            );
            return new(dumped, watch.Elapsed.TotalSeconds, bytes);
        }
        finally
        {
            // What it made goes, however it ended.
            await session.ExecuteAsync(
                $"DROP DATABASE IF EXISTS {Sql.Name(beside)} WITH (FORCE)",
                CancellationToken.None
            );
            File.Delete(dump);
        }

        Task<string> RunAsync(string program, IEnumerable<string> arguments) =>
            Tool.RunAsync(Path.Combine(PostgresBinaries.Find()!, program), arguments, cancellationToken);
    }
}
