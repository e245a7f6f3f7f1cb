using System.Globalization;
using System.Security.Cryptography;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Copies.Masks;

/// <summary>The masks, as functions of the database while one transaction lasts. Their key is of that transaction too and leaves it nowhere.</summary>
internal static class MaskFunctions
{
    private const int KeyBytes = 32;

    public static async Task CreateAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(
            "select set_config('tidegate.mask_key', $1, true)",
            [Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes))],
            cancellationToken
        );
        await session.ExecuteAsync(Text, cancellationToken);
        await session.ExecuteAsync(Json, cancellationToken);
    }

    public static async Task RemoveAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync("drop function public.tidegate_mask_json(jsonb)", cancellationToken);
        await session.ExecuteAsync("drop function public.tidegate_mask(text, text)", cancellationToken);
        await session.ExecuteAsync("select set_config('tidegate.mask_key', '', true)", cancellationToken);
    }

    /// <summary>The value that a column gets.</summary>
    public static string Of(TextColumn column, MaskKind kind)
    {
        var name = Sql.Name(column.Column);
        return kind switch
        {
            MaskKind.Keep => name,
            MaskKind.Nothing => column.IsRequired ? $"''::{Sql.Name(column.Type)}" : "null",
            MaskKind.Json => $"public.tidegate_mask_json({name}::jsonb)::{Sql.Name(column.Type)}",
            MaskKind.Words or MaskKind.Email or MaskKind.Phone or MaskKind.Address or MaskKind.Html => Cut(
                $"public.tidegate_mask('{kind}', {name}::text)",
                column.Length
            ),
        };
    }

    private static string Cut(string mask, int? length) =>
        length is { } most ? string.Create(CultureInfo.InvariantCulture, $"left({mask}, {most})") : mask;

    // A mail and its normalised form become one mask, and so do a phone number and its.
    private const string Text = """
        create function public.tidegate_mask(kind text, value text) returns text language plpgsql stable as $body$
        declare
            hash text;
        begin
            if value is null or value = '' then
                return value;
            end if;
            hash := encode(sha256(convert_to(current_setting('tidegate.mask_key') || case kind
                        when 'Email' then lower(regexp_replace(value, '\s', '', 'g'))
                        when 'Phone' then regexp_replace(value, '\D', '', 'g')
                        else value end, 'UTF8')), 'hex');
            return case kind
                when 'Email' then left(hash, 16) || '@masked.invalid'
                when 'Phone' then '+00' || left(translate(hash, 'abcdef', '012345'), 9)
                when 'Address' then 'https://' || left(hash, 16) || '.invalid'
                when 'Html' then '<p>' || left(repeat(left(hash, 16) || ' ', length(value) / 17 + 1), greatest(length(value) - 7, 16)) || '</p>'
                else case when length(value) <= 64 then 'x' || left(hash, 16)
                          else left(repeat(left(hash, 16) || ' ', length(value) / 17 + 1), length(value)) end
                end;
        end $body$
        """;

    // Names inside an object are structure: languages, companies, properties.
    private const string Json = """
        create function public.tidegate_mask_json(value jsonb) returns jsonb language plpgsql stable as $body$
        begin
            return case jsonb_typeof(value)
                when 'string' then to_jsonb(public.tidegate_mask('Words', value #>> '{}'))
                when 'array' then coalesce((select jsonb_agg(public.tidegate_mask_json(item) order by place)
                                              from jsonb_array_elements(value) with ordinality as items(item, place)), '[]')
                when 'object' then coalesce((select jsonb_object_agg(key, public.tidegate_mask_json(item))
                                               from jsonb_each(value) as items(key, item)), '{}')
                else value end;
        end $body$
        """;
}
