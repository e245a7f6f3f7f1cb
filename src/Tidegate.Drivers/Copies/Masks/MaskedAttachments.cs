using System.Collections.Immutable;
using System.Security.Cryptography;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Copies.Masks;

/// <summary>What attachments become: one picture, or one text. Pictures of products, icons and bundles of pages stay.</summary>
internal static class MaskedAttachments
{
    /// <summary>One grey point.</summary>
    public static readonly ImmutableArray<byte> Picture =
    [
        .. Convert.FromBase64String(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
        ),
    ];

    public static readonly ImmutableArray<byte> Words = [.. "masked\n"u8];

    /// <summary>Of <see cref="Statement"/>: picture, its checksum, words, their checksum.</summary>
    public static readonly IReadOnlyList<object> Parameters =
    [
        Picture.ToArray(),
        Checksum(Picture),
        Words.ToArray(),
        Checksum(Words),
    ];

    /// <summary>Odoo's: of the content, and the file's name.</summary>
    public static string Checksum(ImmutableArray<byte> content) =>
#pragma warning disable CA5350 // Odoo's choice
        Convert.ToHexStringLower(SHA1.HashData(content.AsSpan()));
#pragma warning restore CA5350

    /// <param name="tables">Of the database: those that hold how the shop is set up keep their pictures.</param>
    public static string Statement(IEnumerable<string> tables) =>
        $"""
            update ir_attachment as a
               set name = case when res_field is null then 'attachment-' || a.id else name end,
                   description = null, index_content = null, access_token = null,
                   url = case when a.type = 'url' then 'https://masked.invalid' end,
                   mimetype = case when mimetype like 'image/%' then 'image/png' else 'text/plain' end,
                   file_size = case when mimetype like 'image/%' then length($1) else length($3) end,
                   checksum = case when mimetype like 'image/%' then $2 else $4 end,
                   store_fname = case when store_fname is null then null
                                      when mimetype like 'image/%' then left($2, 2) || '/' || $2
                                      else left($4, 2) || '/' || $4 end,
                   db_datas = case when db_datas is null then null
                                   when mimetype like 'image/%' then $1 else $3 end
             where not (coalesce(url, '') like '/web/assets/%'
                        or (res_model = 'ir.ui.view' and public and coalesce(res_id, 0) = 0)
                        or coalesce(res_model, '') in ({string.Join(
                ", ",
                tables.Where(Keeps).Select(table => Sql.Text(ModelOf(table))).Append("'ir.ui.menu'")
            )})
                        or exists (select from ir_model_data d join ir_module_module m on m.name = d.module and m.author ilike 'Odoo%'
                                    where d.model = 'ir.attachment' and d.res_id = a.id))
            """;

    // Names of models have points where tables have underscores; a few of Odoo's have underscores too, and lose a picture.
    private static string ModelOf(string table) => table.Replace('_', '.');

    private static bool Keeps(string table) =>
        MaskingRules.IsSetUp(table) || table is "ir_module_module" or "ir_ui_menu";
}
