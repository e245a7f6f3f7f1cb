using System.Collections.Immutable;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Copies.Neutralising;

/// <summary>The system parameters of a copy: what it is known by, where it is reached, what it could log in with.</summary>
internal static class CopyParameters
{
    /// <summary>A new identity, and an address of its own. What it was known by ends here.</summary>
    public static async Task RenewAsync(PostgresSession session, string baseUrl, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(
            """
            insert into ir_config_parameter (key, value)
            values ('database.uuid', gen_random_uuid()::text),
                   ('database.secret', gen_random_uuid()::text),
                   ('database.create_date', to_char(now() at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS')),
                   ('database.is_neutralized', 'True'),
                   ('web.base.url', $1),
                   ('web.base.url.freeze', 'True')
            on conflict (key) do update set value = excluded.value
            """,
            [baseUrl],
            cancellationToken
        );
        await session.ExecuteAsync(
            """
            delete from ir_config_parameter
             where key in ('report.url', 'mail.web_push_vapid_private_key', 'mail.web_push_vapid_public_key', 'mail.sfu_server_key')
            """,
            cancellationToken
        );
    }

    /// <summary>Empties those that look like credentials; their keys.</summary>
    public static async Task<ImmutableArray<string>> EmptyCredentialsAsync(
        PostgresSession session,
        CancellationToken cancellationToken
    )
    {
        var keys = await Credentials.ParametersAsync(session, cancellationToken);
        foreach (var key in keys)
        {
            await session.ExecuteAsync(
                "update ir_config_parameter set value = '' where key = $1",
                [key],
                cancellationToken
            );
        }

        return keys;
    }

    /// <summary>Keys whose values are addresses of somewhere else: whoever reads the report judges them.</summary>
    public static Task<ImmutableArray<string>> AddressesAsync(
        PostgresSession session,
        CancellationToken cancellationToken
    ) =>
        session.QueryAsync(
            """
            select key::text from ir_config_parameter
             where value ~* '^[[:space:]]*[a-z][a-z0-9+.-]*://' and key <> 'web.base.url' order by key
            """,
            [],
            row => row.GetString(0),
            cancellationToken
        );
}
