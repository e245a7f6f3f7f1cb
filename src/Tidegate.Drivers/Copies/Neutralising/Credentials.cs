using System.Collections.Immutable;
using System.Globalization;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Copies.Neutralising;

/// <summary>Finds and empties what a copy could use to log in somewhere.</summary>
internal static class Credentials
{
    /// <summary>
    /// Columns that hold values, are called as credentials are, and that neither a script of one of their modules nor
    /// we know. Columns of portals (<c>access_token</c> beside <c>access_url</c>) open documents inside the copy only.
    /// </summary>
    public static async Task<ImmutableArray<CredentialColumn>> FindAsync(
        PostgresSession session,
        ReleaseAddons addons,
        CancellationToken cancellationToken
    )
    {
        var named = await session.QueryAsync(
            Named,
            [CredentialNames.Pattern],
            row => new CredentialColumn(
                row.GetString(0),
                row.GetString(1),
                row.GetString(2),
                row.GetBoolean(3),
                [.. row.GetString(4).Split(',', StringSplitOptions.RemoveEmptyEntries)],
                row.GetBoolean(5),
                0
            ),
            cancellationToken
        );
        var found = ImmutableArray.CreateBuilder<CredentialColumn>();
        foreach (var column in named.Where(column => !CredentialNames.Harmless.Contains(column.Name)))
        {
            if (
                !column.IsPassing
                && !CredentialNames.Emptied.Contains(column.Name)
                && await HasScriptAsync(column, addons, cancellationToken)
            )
            {
                continue;
            }

            var rows = await session.ScalarAsync<long>(
                $"select count(*) from public.{Sql.Name(column.Table)} where {Holds(column)}",
                [],
                cancellationToken
            );
            if (rows > 0)
            {
                found.Add(column with { Rows = rows });
            }
        }

        return found.DrainToImmutable();
    }

    public static Task<int> EmptyAsync(
        PostgresSession session,
        CredentialColumn column,
        CancellationToken cancellationToken
    ) =>
        session.ExecuteAsync(
            $"update public.{Sql.Name(column.Table)} set {Sql.Name(column.Column)} = {column.Nothing} where {Holds(column)}",
            cancellationToken
        );

    /// <summary>System parameters that look like credentials and hold something.</summary>
    public static Task<ImmutableArray<string>> ParametersAsync(
        PostgresSession session,
        CancellationToken cancellationToken
    ) =>
        session.QueryAsync(
            $"""
            select key::text from ir_config_parameter
             where key ~* $1 and key not in ({string.Join(", ", CredentialNames.OwnParameters.Select(Sql.Text))})
               and length(value) >= 6 and value !~* '^(true|false|none|[0-9.]+)$' order by key
            """,
            [CredentialNames.Pattern],
            row => row.GetString(0),
            cancellationToken
        );

    /// <summary>Why the column refuses a copy.</summary>
    public static string Sentence(CredentialColumn column) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{column.Rows} rows of {column.Name} ({column.Origin}) hold what looks like a credential, and no script takes it out"
        );

    private static async Task<bool> HasScriptAsync(
        CredentialColumn column,
        ReleaseAddons addons,
        CancellationToken cancellationToken
    )
    {
        foreach (var module in column.Modules)
        {
            if (await addons.ScriptAsync(module, cancellationToken) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static string Holds(CredentialColumn column)
    {
        var text = $"{Sql.Name(column.Column)}::text";
        return $"{text} is not null and {text} not in ('', '\\x', '{{}}', 'null')";
    }

    private const string Named = """
        select c.relname::text, a.attname::text, t.typname::text, a.attnotnull,
               coalesce((select string_agg(distinct d.module, ',')
                           from ir_model_fields f
                           join ir_model_data d on d.model = 'ir.model.fields' and d.res_id = f.id
                          where f.model = m.model and f.name = a.attname), ''),
               coalesce(m.transient, false)
          from pg_attribute a
          join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
          join pg_type t on t.oid = a.atttypid
          left join ir_model m on replace(m.model, '.', '_') = c.relname
         where a.attnum > 0 and not a.attisdropped
           and t.typname in ('varchar', 'text', 'bpchar', 'bytea', 'json', 'jsonb')
           and a.attname ~* $1
           and not (a.attname = 'access_token' and exists (
                 select from ir_model_fields f where f.model = m.model and f.name = 'access_url'))
           and not exists (select from ir_model_fields f
                            where f.model = m.model and f.name = a.attname and f.ttype = 'selection')
         order by 1, 2
        """;
}
