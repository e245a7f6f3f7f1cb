using System.Text.Json;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Restores;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Restores;

/// <summary>Real Odoo gives out numbers of every kind, goes back to before, and gives out more.</summary>
[Collection(nameof(OdooShop))]
public sealed class NumberTests(OdooShop shop)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_number_that_the_shop_gave_out_after_its_checkpoint_is_given_out_again()
    {
        var config = await shop.ConfigureAsync("2026.11.1");
        await shop.CopyAsync("numbers");
        await GiveAsync(config, "numbers", "prepare");
        await shop.Cluster.ExecuteAsync("postgres", "CREATE DATABASE numbers_live TEMPLATE numbers");
        var given = await GiveAsync(config, "numbers_live", "live");

        var raised = await RaiseAsync();
        var state = await StateAsync();
        var again = await RaiseAsync();

        Assert.True(raised.Count > 20, $"{raised.Count} counters");
        Assert.Equal("\"numbers: made since\" 2", Assert.Single(raised.Gone));
        Assert.Equal((0, state), (again.Count, await StateAsync()));
        var after = await GiveAsync(config, "numbers", "restored");
        Assert.Equal(given.Keys, after.Keys);
        Assert.All(
            given,
            kind =>
            {
                var twice = kind.Value.Intersect(after[kind.Key], StringComparer.Ordinal).ToList();
                Assert.True(twice.Count == 0, $"{kind.Key}: {string.Join(", ", twice)} twice");
                Assert.Equal(kind.Value.Length, kind.Value.Distinct(StringComparer.Ordinal).Count());
            }
        );

        // What was made belongs to the tenant, as what Odoo makes itself.
        Assert.Equal(
            "own_template",
            await shop.Cluster.ScalarAsync(
                "numbers",
                "select string_agg(distinct sequenceowner::text, ',') from pg_sequences where schemaname = 'public'"
            )
        );
    }

    private async Task<RaisedNumbers> RaiseAsync()
    {
        await using var live = await shop.Cluster.Site.OpenAsync("numbers_live", SitePostgres.Superuser, Token);
        await using var restored = await shop.Cluster.Site.OpenAsync("numbers", SitePostgres.Superuser, Token);
        return await NumberRaising.RaiseAsync(live, restored, Token);
    }

    /// <summary>Everything that counts.</summary>
    private Task<string?> StateAsync() =>
        shop.Cluster.ScalarAsync(
            "numbers",
            """
            select concat_ws(' ',
                (select md5(string_agg(t::text, '' order by t.sequencename)) from pg_sequences t
                  where sequencename not in ('account_move_id_seq', 'account_payment_id_seq')),
                (select md5(string_agg(t::text, '' order by id)) from ir_sequence t),
                (select md5(string_agg(t::text, '' order by id)) from ir_sequence_date_range t),
                (select md5(string_agg(t::text, '' order by id)) from account_move t),
                (select md5(string_agg(t::text, '' order by id)) from account_payment t),
                (select md5(string_agg(t::text, '' order by id)) from payment_transaction t))
            """
        );

    private async Task<SortedDictionary<string, string[]>> GiveAsync(string config, string database, string action)
    {
        var file = shop.At($"{database}-{action}.json");
        var script = shop.At("give_numbers.py");
        File.Copy(Repository.At("test", "Tidegate.OdooTests", "Restores", "give_numbers.py"), script, overwrite: true);
        await using var odoo = OdooProcess.Start(
            shop,
            $"{database}-{action}.log",
            [script, config, database, action, file]
        );
        Assert.True(await odoo.WaitForExitAsync() == 0, odoo.ReadLog());
        return JsonSerializer.Deserialize<SortedDictionary<string, string[]>>(
            await File.ReadAllTextAsync(file, Token)
        )!;
    }
}
