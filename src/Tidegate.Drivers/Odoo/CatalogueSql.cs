namespace Tidegate.Drivers.Odoo;

/// <summary>What is asked of a tenant's catalogue. Tried on Odoo 19; the tables are the same from 14 on, except where a comment says otherwise.</summary>
internal static class CatalogueSql
{
    /// <summary>Modules that matter. The column <c>latest_version</c> holds the installed version.</summary>
    public const string Modules = """
        SELECT name::text, state::text, latest_version::text
          FROM ir_module_module
         WHERE state = 'installed' OR state LIKE 'to %'
        """;

    public const string Columns = """
        SELECT c.relname::text || '.' || a.attname,
               format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
          FROM pg_attribute a
          JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
         WHERE a.attnum > 0 AND NOT a.attisdropped
        """;

    public const string Constraints = """
        SELECT c.relname::text || '.' || k.conname, pg_get_constraintdef(k.oid)
          FROM pg_constraint k
          JOIN pg_class c ON c.oid = k.conrelid AND c.relnamespace = 'public'::regnamespace
        """;

    public const string Indexes = """
        SELECT i.relname::text, pg_get_indexdef(i.oid)
          FROM pg_class i
         WHERE i.relkind = 'i' AND i.relnamespace = 'public'::regnamespace
        """;

    public const string Sequences = """
        SELECT relname::text FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace
        """;

    public const string ViewsFingerprint = """
        SELECT coalesce(md5(string_agg(
                 md5(concat_ws('|', id, key, mode, priority, inherit_id, arch_db::text)), '' ORDER BY id)), '')
          FROM ir_ui_view
         WHERE active
        """;

    /// <summary>Estimates: exact counts would cost the hold more than they tell.</summary>
    public const string RowCounts = """
        SELECT relname::text, reltuples::bigint
          FROM pg_class
         WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname IN
               ('sale_order', 'sale_order_line', 'stock_move', 'stock_move_line', 'stock_quant', 'stock_picking',
                'account_move', 'account_move_line', 'pos_order', 'pos_order_line', 'res_partner', 'product_product',
                'product_template', 'mail_message', 'ir_attachment', 'ir_ui_view')
        """;

    /// <summary>
    /// What Odoo's own tables say should be there and is not. A model with a table of another name than its own is
    /// passed over. Company-dependent fields (jsonb) have no foreign key; attachments (binary) no column; a text
    /// index may be left out where the extension for it is missing.
    /// </summary>
    public const string Gaps = """
        WITH field AS (
            SELECT c.oid AS tbl, c.relname, f.name, f.ttype, f.required, f.index, f.relation, a.attnum, a.attnotnull,
                   a.atttypid = 'jsonb'::regtype AS per_company
              FROM ir_model_fields f
              JOIN pg_class c ON c.relname = replace(f.model, '.', '_') AND c.relkind = 'r'
                             AND c.relnamespace = 'public'::regnamespace
              LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = f.name AND NOT a.attisdropped
             WHERE f.store AND f.ttype NOT IN ('one2many', 'many2many')
        )
        SELECT 'NotNull', relname || '.' || name, ttype::text
          FROM field WHERE required AND attnum IS NOT NULL AND NOT attnotnull
        UNION ALL
        SELECT 'Column', relname || '.' || name, ttype::text
          FROM field WHERE attnum IS NULL AND ttype <> 'binary'
        UNION ALL
        SELECT 'ForeignKey', field.relname || '.' || name, r.relname::text
          FROM field
          JOIN pg_class r ON r.relname = replace(relation, '.', '_') AND r.relkind = 'r'
                         AND r.relnamespace = 'public'::regnamespace
         WHERE ttype = 'many2one' AND attnum IS NOT NULL AND NOT per_company AND r.relname <> 'ir_actions'
           AND NOT EXISTS (SELECT 1 FROM pg_constraint k
                            WHERE k.conrelid = tbl AND k.contype = 'f' AND attnum = ANY (k.conkey))
        UNION ALL
        SELECT 'Index', relname || '.' || name, 'the field is indexed'
          FROM field
         WHERE index AND attnum IS NOT NULL AND ttype NOT IN ('char', 'text', 'html') AND NOT per_company
           AND NOT EXISTS (SELECT 1 FROM pg_index x WHERE x.indrelid = tbl AND attnum = ANY (x.indkey))
        UNION ALL
        SELECT CASE k.type WHEN 'i' THEN 'Index' ELSE 'Constraint' END,
               c.relname || '.' || k.name, coalesce(k.definition, '')
          FROM ir_model_constraint k
          JOIN ir_model m ON m.id = k.model
          JOIN pg_class c ON c.relname = replace(m.model, '.', '_') AND c.relkind = 'r'
                         AND c.relnamespace = 'public'::regnamespace
         WHERE k.type IN ('u', 'i') AND coalesce(k.definition, '') <> ''
           AND NOT EXISTS (SELECT 1 FROM pg_constraint p WHERE p.conname = k.name AND p.conrelid = c.oid)
           AND NOT EXISTS (SELECT 1 FROM pg_class i WHERE i.relname = k.name AND i.relkind = 'i')
        UNION ALL
        SELECT 'ConstraintValidation', conrelid::regclass || '.' || conname, ''
          FROM pg_constraint WHERE NOT convalidated
        UNION ALL
        SELECT 'IndexValidity', indexrelid::regclass::text, ''
          FROM pg_index WHERE NOT indisvalid
        UNION ALL
        SELECT 'Sequence', 'ir_sequence_' || lpad(id::text, greatest(3, length(id::text)), '0'), coalesce(code, '')
          FROM ir_sequence s
         WHERE implementation = 'standard' AND active AND NOT use_date_range
           AND NOT EXISTS (SELECT 1 FROM pg_class q WHERE q.relkind = 'S' AND q.relname =
                             'ir_sequence_' || lpad(s.id::text, greatest(3, length(s.id::text)), '0'))
        ORDER BY 1, 2
        """;
}
