using System.Globalization;
using CsCheck;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;
using Tidegate.IntegrationTests.Databases;

namespace Tidegate.IntegrationTests.Restores;

/// <summary>Whatever a shop has written since its upgrade, the loss that is printed is what is gone afterwards: no row more, none less.</summary>
public sealed class LossPropertyTests(SiteCluster cluster) : IClassFixture<SiteCluster>, IDisposable
{
    private const int Histories = 12;

    /// <summary>With both dates that Odoo notes, with one, with none.</summary>
    private static readonly (string Key, string Table, string Columns)[] Tables =
    [
        ("orders", "sale_order", ""),
        (
            "pos-orders",
            "pos_order",
            ", create_date timestamp default (now() at time zone 'utc'), write_date timestamp default (now() at time zone 'utc')"
        ),
        ("transfers", "stock_picking", ""),
        ("payments", "account_payment", ", write_date timestamp default (now() at time zone 'utc')"),
    ];

    private readonly SiteLayout _layout = new(Directory.CreateTempSubdirectory("tg-restores-").FullName);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>How a way back may know since when: by the swap's transaction, by dates after an upgrade, by dates alone.</summary>
    public enum Knowing
    {
        Transaction,
        DatesAndUpgrade,
        Dates,
    }

    private static readonly Gen<string> Writes = Gen.Select(
        Gen.Int[0, Tables.Length - 1],
        Gen.Int[1, 6],
        Gen.Int[0, 6],
        (table, id, what) =>
        {
            var name = Tables[table].Table;
            return what switch
            {
                0 or 1 => $"insert into {name} (note) values ('new')",
                2 => $"update {name} set note = 'changed' where id = {id}",
                3 => $"update {name} set note = note where id = {id}",
                4 => $"delete from {name} where id = {id}",
                5 =>
                    $"with moved as (delete from {name} where id = {id} returning note) insert into {name} (note) select note from moved",
                _ => $"update {name} set note = 'as before' where id = {id}",
            };
        }
    );

    private static readonly Gen<(string[] Writes, Knowing Knowing)> AllHistories = Gen.Select(
        Writes.Array[0, 14],
        Gen.Enum<Knowing>()
    );

    [Fact]
    public async Task The_printed_loss_is_what_is_really_lost() =>
        await AllHistories.SampleAsync(
            history => IsExactAsync(history.Writes, history.Knowing),
            iter: Histories,
            threads: 1
        );

    public void Dispose() => Directory.Delete(_layout.Home, recursive: true);

    private async Task IsExactAsync(string[] writes, Knowing knowing)
    {
        var shop = await ReturningShop.OpenAsync(
            cluster,
            _layout,
            before:
            [
                .. Tables
                    .Skip(1)
                    .Select(table => $"create table {table.Table} (id serial primary key, note text{table.Columns})"),
                .. Tables
                    .Skip(1)
                    .Select(table => $"insert into {table.Table} (note) select 'old' from generate_series(1, 4)"),
            ],
            // Every row is written by the upgrade too, as a new column's default is.
            migration:
            [
                .. Tables.Skip(1).Select(table => $"alter table {table.Table} add promo text"),
                .. Tables.Skip(1).Select(table => $"update {table.Table} set promo = 'new'"),
            ]
        );
        var known = (await shop.StateAsync()).Since;
        foreach (var write in writes)
        {
            await shop.WriteAsync(write);
        }

        await Shop.DoneAsync(() => shop.FenceAsync());
        var done = Assert.IsType<StepOutcome.Done>(
            await shop.MeasureAsync(
                new(null, true),
                since: knowing switch
                {
                    Knowing.Transaction => known,
                    Knowing.DatesAndUpgrade => known with { Transaction = null, Upgraded = known.Transaction },
                    _ => known with { Transaction = null },
                }
            )
        );
        var measured = await shop.MeasuredAsync();
        await Shop.DoneAsync(() => shop.AdoptAsync());
        await Shop.DoneAsync(() => shop.SwapAsync());

        var total = 0L;
        foreach (var (key, table, _) in Tables)
        {
            var (gone, now) = (await RowsAsync(shop.Kept, table), await RowsAsync(shop.Shop.Database, table));
            var lost = (
                Created: gone.Keys.Count(id => !now.ContainsKey(id)),
                Changed: gone.Count(row => now.TryGetValue(row.Key, out var note) && note != row.Value),
                Deleted: now.Keys.Count(id => !gone.ContainsKey(id))
            );
            var printed = measured.Written.Single(written => written.Key == key);
            Assert.True(
                (lost.Created, lost.Changed, lost.Deleted) == (printed.Created, printed.Changed, printed.Deleted),
                $"{key} by {knowing}: lost {lost}, printed {printed}"
            );
            Assert.Equal(lost.Created + lost.Changed, (await shop.LostAsync(key)).Length);
            total += lost.Created + lost.Changed + lost.Deleted;
        }

        Assert.Equal(total, measured.Rows);
        var sentence = done.Summary.Split(" since ")[0].Split(' ');
        Assert.Equal(
            total,
            sentence.Sum(word => long.TryParse(word, CultureInfo.InvariantCulture, out var number) ? number : 0)
        );
        if (knowing is Knowing.Transaction)
        {
            Assert.Equal(total == 0, SafeWriteWindow.Of(measured).IsOpen);
        }
    }

    /// <summary>Both databases are closed; the site may look into them.</summary>
    private async Task<Dictionary<long, string>> RowsAsync(string database, string table)
    {
        await cluster.Postgres.ExecuteAsync("postgres", $"alter database {database} allow_connections true");
        await using var session = await cluster.Site.OpenAsync(database, DatabaseNames.SiteRole, Token);
        return (
            await session.QueryAsync(
                $"select id::bigint, note from {table}",
                [],
                row => (Id: row.GetInt64(0), Note: row.GetString(1)),
                Token
            )
        ).ToDictionary(row => row.Id, row => row.Note);
    }
}
