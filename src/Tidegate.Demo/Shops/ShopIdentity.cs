using Npgsql;
using Tidegate.Contracts.Fleet;

namespace Tidegate.Demo.Shops;

/// <summary>Makes a copy of the template a shop of its own, before an Odoo process has seen it.</summary>
internal static class ShopIdentity
{
    // A shared database.secret would let one tenant's session cookie pass for another's. And the template has never run
    // a scheduled job: in its copies all would be due in the same minute, as they never are in a shop that trades.
    private const string Statements = """
        update res_users set password = @shop where login = 'shop';
        update res_users set password = @journey where login = 'journey';
        update ir_config_parameter set value = gen_random_uuid() where key in ('database.uuid', 'database.secret');
        update ir_config_parameter set value = @url where key = 'web.base.url';
        insert into ir_config_parameter (key, value) values ('web.base.url.freeze', 'True') on conflict (key) do nothing;
        update ir_cron
           set nextcall = now() at time zone 'utc' + random() * (interval_number || ' ' || interval_type)::interval;
        update res_partner set tz = @zone where id in (select partner_id from res_users);
        update res_company set name = @name;
        update res_partner set name = @name where id in (select partner_id from res_company);
        """;

    public static async Task GiveAsync(
        string connectionString,
        TenantDocument tenant,
        ShopPasswords passwords,
        Uri address,
        CancellationToken cancellationToken
    )
    {
        await using var database = new NpgsqlConnection(connectionString);
        await database.OpenAsync(cancellationToken);
        await using var transaction = await database.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Statements, database, transaction);
        command.Parameters.AddWithValue("shop", passwords.Shop.Hash);
        command.Parameters.AddWithValue("journey", passwords.Journey.Hash);
        command.Parameters.AddWithValue("url", address.GetLeftPart(UriPartial.Authority));
        command.Parameters.AddWithValue("zone", tenant.TimeZone);
        command.Parameters.AddWithValue("name", tenant.Name);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
