-- What the rows that follow refer to, read from the database itself: its company, currency, journals, accounts, places.
-- A column that stays null is something this database lacks; `make` says which and stops.

-- Evenly spread, the same for the same seed: `salt` tells the questions about one thing apart.
CREATE FUNCTION pg_temp.pick(thing bigint, salt int, choices bigint) RETURNS bigint LANGUAGE sql STABLE AS
    $$ SELECT (hashint8extended(thing, current_setting('shopdata.seed')::bigint * 1000 + salt) & 4611686018427387903) % choices $$;

CREATE FUNCTION pg_temp.uuid(thing bigint, salt int) RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT md5(current_setting('shopdata.seed') || ':' || salt || ':' || thing)::uuid::text $$;

-- The number that a sequence of PostgreSQL has given out last.
CREATE FUNCTION pg_temp.given(sequence regclass) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE last bigint;
BEGIN
    EXECUTE format('SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM %s', sequence) INTO last;
    RETURN last;
END $$;

CREATE FUNCTION pg_temp.last_id(of regclass) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE last bigint;
BEGIN
    EXECUTE format('SELECT coalesce(max(id), 0) FROM %s', of) INTO last;
    RETURN greatest(last, pg_temp.given(pg_get_serial_sequence(of::text, 'id')::regclass));
END $$;

-- Odoo's default of a field that has a value for each company.
CREATE FUNCTION pg_temp.fallback(of_model text, of_field text) RETURNS int LANGUAGE sql STABLE AS $$
    SELECT d.json_value::int FROM ir_default d JOIN ir_model_fields f ON f.id = d.field_id
     WHERE f.model = of_model AND f.name = of_field AND d.user_id IS NULL ORDER BY d.company_id NULLS LAST LIMIT 1 $$;

-- The sequence of PostgreSQL behind one of Odoo's.
CREATE FUNCTION pg_temp.numbers(odoo int) RETURNS regclass LANGUAGE sql STABLE AS
    $$ SELECT to_regclass('public.ir_sequence_' || lpad(odoo::text, 3, '0')) $$;

CREATE TEMP TABLE shop AS
SELECT company.id AS company,
       company.currency_id AS currency,
       warehouse.id AS warehouse,
       warehouse.lot_stock_id AS stock_place,
       warehouse.out_type_id AS delivery_type,
       config.picking_type_id AS counter_type,
       pg_temp.fallback('res.partner', 'property_stock_customer') AS customer_place,
       pg_temp.fallback('product.template', 'property_stock_inventory') AS inventory_place,
       tax.id AS tax,
       tax.amount AS tax_rate,
       tax.name ->> 'en_US' AS tax_name,
       tax.tax_group_id AS tax_group,
       (SELECT id FROM account_tax_repartition_line
         WHERE tax_id = tax.id AND document_type = 'invoice' AND repartition_type = 'tax' LIMIT 1) AS tax_share,
       (SELECT account_id FROM account_tax_repartition_line
         WHERE tax_id = tax.id AND document_type = 'invoice' AND repartition_type = 'tax' LIMIT 1) AS tax_account,
       company.income_account_id AS income,
       pg_temp.fallback('res.partner', 'property_account_receivable_id') AS receivable,
       company.account_default_pos_receivable_account_id AS counter_receivable,
       coalesce(bank_line.payment_account_id,
                (SELECT res_id FROM ir_model_data WHERE model = 'account.account' AND module = 'account'
                    AND name = company.id || '_account_journal_payment_debit_account_id')) AS outstanding,
       config.invoice_journal_id AS sale_journal,
       config.journal_id AS counter_journal,
       card.journal_id AS bank_journal,
       bank_line.id AS bank_line,
       bank_line.payment_method_id AS bank_method,
       cash.journal_id AS cash_journal,
       cash_journal.default_account_id AS cash_account,
       cash.id AS cash,
       card.id AS card,
       config.id AS counter,
       config.name AS counter_name,
       config.pricelist_id AS pricelist,
       company.domestic_fiscal_position_id AS fiscal_position,
       config.order_seq_id AS counter_numbers,
       (SELECT id FROM crm_team ORDER BY (company_id = company.id) DESC NULLS LAST, id LIMIT 1) AS team,
       (SELECT id FROM res_users WHERE login = 'admin') AS person,
       (SELECT partner_id FROM res_users WHERE login = 'admin') AS person_partner,
       (SELECT id FROM product_category ORDER BY id LIMIT 1) AS category,
       (SELECT uom_id FROM product_template WHERE type = 'consu' AND is_storable ORDER BY id LIMIT 1) AS unit,
       (SELECT id FROM ir_sequence WHERE code = 'stock.lot.serial' LIMIT 1) AS lot_numbers,
       (SELECT id FROM ir_sequence WHERE code = 'sale.order' LIMIT 1) AS order_numbers,
       (SELECT id FROM ir_sequence WHERE code = 'pos.session' LIMIT 1) AS session_numbers,
       (SELECT sequence_id FROM stock_picking_type WHERE id = warehouse.out_type_id) AS delivery_numbers,
       (SELECT sequence_id FROM stock_picking_type WHERE id = config.picking_type_id) AS counter_delivery_numbers,
       coalesce((SELECT country_id FROM res_partner WHERE id = company.partner_id), company.account_fiscal_country_id) AS country,
       -- Prices are multiples of this, so that the tax of each is whole cents and no rounding can differ.
       1.0 / gcd(100, tax.amount::int) AS price_step,
       current_setting('shopdata.until')::date - 730 AS since,
       730 AS days
  FROM (SELECT * FROM res_company ORDER BY id LIMIT 1) company
  LEFT JOIN LATERAL (SELECT * FROM stock_warehouse WHERE company_id = company.id ORDER BY id LIMIT 1) warehouse ON true
  LEFT JOIN LATERAL (SELECT * FROM account_tax WHERE id = company.account_sale_tax_id AND amount_type = 'percent'
                        AND amount = trunc(amount) AND amount > 0 AND price_include_override IS DISTINCT FROM 'tax_included') tax ON true
  LEFT JOIN LATERAL (SELECT * FROM pos_config WHERE company_id = company.id AND active ORDER BY id LIMIT 1) config ON true
  LEFT JOIN LATERAL (SELECT m.* FROM pos_payment_method m JOIN pos_config_pos_payment_method_rel r ON r.pos_payment_method_id = m.id
                      WHERE r.pos_config_id = config.id AND m.is_cash_count ORDER BY m.id LIMIT 1) cash ON true
  LEFT JOIN LATERAL (SELECT m.* FROM pos_payment_method m JOIN pos_config_pos_payment_method_rel r ON r.pos_payment_method_id = m.id
                      WHERE r.pos_config_id = config.id AND NOT m.is_cash_count ORDER BY m.id LIMIT 1) card ON true
  LEFT JOIN account_journal cash_journal ON cash_journal.id = cash.journal_id
  LEFT JOIN LATERAL (SELECT l.* FROM account_payment_method_line l JOIN account_payment_method m ON m.id = l.payment_method_id
                      WHERE l.journal_id = card.journal_id AND m.payment_type = 'inbound' ORDER BY l.id LIMIT 1) bank_line ON true;

-- How many of each; `orders` is what the wanted size comes to.
CREATE TEMP TABLE amount AS
SELECT orders,
       greatest(40, orders / 40) AS goods,
       greatest(20, orders / 4) AS customers,
       2 * orders AS sales,
       greatest(1, least(700, orders / 10)) AS sessions
  FROM (SELECT current_setting('shopdata.orders')::int AS orders) wanted;

-- The last id of each table before we began: ours come after it.
CREATE TEMP TABLE base AS
SELECT pg_temp.last_id('product_template') AS last_template, pg_temp.last_id('product_product') AS last_product,
       pg_temp.last_id('product_value') AS last_value, pg_temp.last_id('res_partner') AS last_partner,
       pg_temp.last_id('sale_order') AS last_sale_order, pg_temp.last_id('sale_order_line') AS last_sale_line,
       pg_temp.last_id('stock_picking') AS last_picking, pg_temp.last_id('stock_move') AS last_stock_move,
       pg_temp.last_id('stock_move_line') AS last_stock_line, pg_temp.last_id('stock_quant') AS last_quant,
       pg_temp.last_id('stock_reference') AS last_reference, pg_temp.last_id('account_move') AS last_entry,
       pg_temp.last_id('account_move_line') AS last_item, pg_temp.last_id('account_payment') AS last_payment,
       pg_temp.last_id('account_bank_statement_line') AS last_statement_line,
       pg_temp.last_id('account_partial_reconcile') AS last_partial, pg_temp.last_id('account_full_reconcile') AS last_full_one,
       pg_temp.last_id('pos_session') AS last_session, pg_temp.last_id('pos_order') AS last_sale,
       pg_temp.last_id('pos_order_line') AS last_counter_line, pg_temp.last_id('pos_payment') AS last_counter_payment,
       pg_temp.last_id('mail_message') AS last_message, pg_temp.last_id('mail_tracking_value') AS last_tracking,
       pg_temp.last_id('mail_followers') AS last_follower, pg_temp.last_id('ir_attachment') AS last_attachment;
