-- The books: an invoice for each delivered order and its payment, and for each session of the counter a closing entry,
-- the card's payment and the cash. Each entry sums up to nothing.
CREATE TEMP TABLE invoice AS
SELECT row_number() OVER (ORDER BY n) AS i, n, o.id AS order_id, o.name AS order_name, customer, paid, at::date + 1 AS day, untaxed, tax, total
  FROM ordered o JOIN order_sum USING (n) WHERE fate = 'done';

CREATE TEMP TABLE paid AS SELECT row_number() OVER (ORDER BY i) AS j, i FROM invoice WHERE paid;

-- One row for each entry: what kind it is of, and the number within it.
CREATE TEMP TABLE entry AS
WITH counted AS (SELECT (SELECT count(*) FROM invoice) AS invoices, (SELECT count(*) FROM paid) AS payments, sessions FROM amount),
every AS (
    SELECT 'invoice' AS kind, i AS x, i AS number_of_kind, day, sale_journal AS journal FROM invoice, shop
    UNION ALL SELECT 'payment', j, invoices + j, day + 3, bank_journal FROM paid JOIN invoice USING (i), shop, counted
    UNION ALL SELECT 'closing', s, invoices + payments + s, day, counter_journal FROM counter_session, shop, counted
    UNION ALL SELECT 'card', s, invoices + payments + sessions + s, day, bank_journal
      FROM counter_session JOIN session_sum USING (s), shop, counted WHERE session_sum.card > 0
    UNION ALL SELECT 'cash', s, invoices + payments + 2 * sessions + s, day, cash_journal
      FROM counter_session JOIN session_sum USING (s), shop, counted WHERE session_sum.cash > 0),
named AS (
    SELECT every.*,
           CASE WHEN payment_sequence AND kind IN ('payment', 'card') THEN 'P' ELSE '' END || code || to_char(day, CASE kind WHEN 'closing' THEN '/YYYY/MM/' ELSE '/YYYY/' END) AS prefix
      FROM every JOIN account_journal j ON j.id = every.journal)
SELECT kind, x, (base.last_entry + number_of_kind)::int AS id, day, journal, prefix, coalesce(last.number, 0) + row_number() OVER serial AS number,
       prefix || lpad((coalesce(last.number, 0) + row_number() OVER serial)::text, CASE kind WHEN 'closing' THEN 4 ELSE 5 END, '0') AS name
  FROM named
  LEFT JOIN (SELECT journal_id, sequence_prefix, max(sequence_number) AS number FROM account_move GROUP BY 1, 2) last
    ON last.journal_id = named.journal AND last.sequence_prefix = named.prefix,
       base
WINDOW serial AS (PARTITION BY journal, prefix ORDER BY day, kind, x);
CREATE UNIQUE INDEX ON entry (kind, x);
ANALYZE invoice, paid, entry;

INSERT INTO account_move (id, name, sequence_prefix, sequence_number, journal_id, company_id, currency_id, move_type, state, auto_post, checked,
        posted_before, made_sequence_gap, always_tax_exigible, is_manually_modified, is_move_sent, date, invoice_date, invoice_date_due, delivery_date, fiscal_position_id,
        payment_state, partner_id, commercial_partner_id, partner_shipping_id, invoice_partner_display_name, invoice_user_id, team_id,
        invoice_origin, payment_reference, ref, invoice_currency_rate, amount_untaxed, amount_tax, amount_total, amount_residual,
        amount_untaxed_signed, amount_untaxed_in_currency_signed, amount_tax_signed, amount_total_signed, amount_total_in_currency_signed,
        amount_residual_signed, create_uid, create_date, write_uid, write_date)
SELECT e.id, e.name, prefix, number, journal, company, currency, 'out_invoice', 'posted', 'no', true,
       true, false, false, true, true, e.day, e.day, e.day, e.day, fiscal_position,
       CASE WHEN paid THEN 'paid' ELSE 'not_paid' END, customer, customer, customer, p.name, person, team,
       order_name, e.name, order_name, 1, untaxed, i.tax, total, CASE WHEN paid THEN 0 ELSE total END,
       untaxed, untaxed, i.tax, total, total, CASE WHEN paid THEN 0 ELSE total END, person, e.day + time '12:00', person, e.day + time '12:00'
  FROM invoice i JOIN entry e ON e.kind = 'invoice' AND e.x = i.i JOIN res_partner p ON p.id = customer, shop
 ORDER BY e.id;

INSERT INTO account_move (id, name, sequence_prefix, sequence_number, journal_id, company_id, currency_id, move_type, state, auto_post, checked,
        posted_before, made_sequence_gap, always_tax_exigible, is_manually_modified, date, invoice_date_due, payment_state, partner_id,
        commercial_partner_id, invoice_partner_display_name, ref, origin_payment_id, statement_line_id, invoice_currency_rate, amount_untaxed, amount_tax,
        amount_total, amount_residual, amount_untaxed_signed, amount_untaxed_in_currency_signed, amount_tax_signed, amount_total_signed,
        amount_total_in_currency_signed, amount_residual_signed, create_uid, create_date, write_uid, write_date)
SELECT e.id, e.name, e.prefix, e.number, e.journal, company, currency, 'entry', 'posted', 'no', true,
       true, false, true, false, e.day, e.day, 'not_paid', i.customer, i.customer, coalesce(c.name, '#Created by: Administrator'),
       CASE e.kind WHEN 'payment' THEN bill.name WHEN 'closing' THEN x.name WHEN 'card' THEN 'Combine Card POS payments from ' || x.name END,
       CASE e.kind WHEN 'payment' THEN base.last_payment + e.x WHEN 'card' THEN base.last_payment + (SELECT count(*) FROM paid) + e.x END,
       CASE e.kind WHEN 'cash' THEN base.last_statement_line + e.x END, 0, 0, 0,
       worth, 0, 0, 0, 0, worth, worth, 0, person, e.day + time '18:30', person, e.day + time '18:30'
  FROM entry e
  LEFT JOIN paid ON e.kind = 'payment' AND paid.j = e.x
  LEFT JOIN invoice i ON i.i = paid.i
  LEFT JOIN entry bill ON bill.kind = 'invoice' AND bill.x = paid.i
  LEFT JOIN res_partner c ON c.id = i.customer
  LEFT JOIN counter_session x ON e.kind <> 'payment' AND x.s = e.x
  LEFT JOIN session_sum t ON t.s = x.s,
       LATERAL (SELECT CASE e.kind WHEN 'payment' THEN i.total WHEN 'closing' THEN t.cash + t.card WHEN 'card' THEN t.card ELSE t.cash END AS worth) sums,
       base, shop
 WHERE e.kind <> 'invoice'
 ORDER BY e.id;

UPDATE pos_session SET move_id = e.id FROM entry e, counter_session x WHERE e.kind = 'closing' AND e.x = x.s AND pos_session.id = x.id;

-- One row for each item of an entry. `match` names the pair that settles each other.
CREATE TEMP TABLE item AS
WITH every AS (
    SELECT 1 AS part, i AS x, 'invoice' AS kind, receivable AS account, total AS balance, 'payment_term' AS display, 12000 AS sequence, customer,
           CASE WHEN paid THEN j END AS match, NULL::bigint AS r, 'to pay' AS label
      FROM invoice LEFT JOIN paid USING (i), shop
    UNION ALL SELECT 2, i, 'invoice', tax_account, -invoice.tax, 'tax', 10000, customer, NULL, NULL, tax_name FROM invoice, shop
    UNION ALL SELECT 3, j, 'payment', receivable, -total, 'product', 100, customer, j, NULL, 'Manual Payment' FROM paid JOIN invoice USING (i), shop
    UNION ALL SELECT 4, j, 'payment', outstanding, total, 'product', 100, customer, NULL, NULL, 'Manual Payment' FROM paid JOIN invoice USING (i), shop
    UNION ALL SELECT 5, s, 'closing', income, -untaxed, 'product', 100, NULL, NULL, NULL, format('Sales with %s', tax_name) FROM session_sum, shop
    UNION ALL SELECT 6, s, 'closing', tax_account, -session_sum.tax, 'tax', 10000, NULL, NULL, NULL, tax_name FROM session_sum, shop
    UNION ALL SELECT 7, s, 'closing', counter_receivable, session_sum.card, 'payment_term', 12000, NULL, pairs + s, NULL, 'Card' FROM session_sum, shop, (SELECT count(*) AS pairs FROM paid) p WHERE session_sum.card > 0
    UNION ALL SELECT 8, s, 'closing', counter_receivable, session_sum.cash, 'payment_term', 12000, NULL, pairs + sessions + s, NULL, 'Cash' FROM session_sum, shop, amount, (SELECT count(*) AS pairs FROM paid) p WHERE session_sum.cash > 0
    UNION ALL SELECT 9, s, 'card', outstanding, session_sum.card, 'product', 100, NULL, NULL, NULL, 'Manual Payment' FROM session_sum, shop WHERE session_sum.card > 0
    UNION ALL SELECT 10, s, 'card', counter_receivable, -session_sum.card, 'product', 100, NULL, pairs + s, NULL, 'Manual Payment' FROM session_sum, shop, (SELECT count(*) AS pairs FROM paid) p WHERE session_sum.card > 0
    UNION ALL SELECT 11, s, 'cash', cash_account, session_sum.cash, 'product', 100, NULL, NULL, NULL, 'Cash' FROM session_sum, shop WHERE session_sum.cash > 0
    UNION ALL SELECT 12, s, 'cash', counter_receivable, -session_sum.cash, 'product', 100, NULL, pairs + sessions + s, NULL, 'Cash' FROM session_sum, shop, amount, (SELECT count(*) AS pairs FROM paid) p WHERE session_sum.cash > 0
    UNION ALL SELECT 13, i, 'invoice', income, -subtotal, 'product', k + 1, customer, NULL, r, NULL FROM invoice JOIN ordered_line USING (n), shop)
SELECT (base.last_item + row_number() OVER (ORDER BY part, every.x, sequence, r))::int AS id, every.*, e.id AS entry FROM every JOIN entry e USING (kind, x), base;
CREATE INDEX ON item (match) WHERE match IS NOT NULL;
ANALYZE item;

INSERT INTO account_move_line (id, move_id, move_name, journal_id, company_id, company_currency_id, currency_id, sequence, account_id, partner_id,
        payment_id, statement_line_id, tax_line_id, tax_group_id, tax_repartition_line_id, full_reconcile_id, product_id, product_uom_id,
        parent_state, ref, name, matching_number, display_type, date, invoice_date, date_maturity, debit, credit, balance, amount_currency,
        tax_base_amount, amount_residual, amount_residual_currency, quantity, price_unit, price_subtotal, price_total, discount,
        is_storno, reconciled, collapse_composition, collapse_prices, no_followup, is_downpayment, deductible_amount,
        create_uid, create_date, write_uid, write_date)
SELECT t.id, t.entry, e.name, e.journal, company, currency, currency, t.sequence, account, t.customer,
       CASE t.kind WHEN 'payment' THEN base.last_payment + t.x WHEN 'card' THEN base.last_payment + (SELECT count(*) FROM paid) + t.x END,
       CASE t.kind WHEN 'cash' THEN base.last_statement_line + t.x END,
       CASE display WHEN 'tax' THEN shop.tax END, CASE display WHEN 'tax' THEN tax_group END, CASE display WHEN 'tax' THEN tax_share END,
       base.last_full_one + match, product, CASE WHEN product IS NOT NULL THEN unit END,
       'posted', move.ref, CASE part WHEN 13 THEN good.label WHEN 1 THEN format('%s - %s', move.ref, e.name) ELSE concat_ws(': ', t.label, move.ref) END,
       (base.last_full_one + match)::text, display, e.day, CASE t.kind WHEN 'invoice' THEN e.day END, CASE WHEN part IN (1, 3, 4, 9, 10) THEN e.day END,
       greatest(balance, 0), greatest(-balance, 0), balance, balance,
       CASE display WHEN 'tax' THEN -CASE t.kind WHEN 'invoice' THEN move.amount_untaxed ELSE s.untaxed END END, open_amount, open_amount,
       CASE WHEN part = 13 THEN l.quantity WHEN display = 'product' THEN 1 ELSE 0 END, CASE WHEN part = 13 THEN price ELSE 0 END,
       CASE WHEN display <> 'product' THEN 0 WHEN part = 13 THEN subtotal ELSE balance END,
       CASE WHEN display <> 'product' THEN 0 WHEN part = 13 THEN subtotal + l.tax ELSE balance END, 0,
       false, match IS NOT NULL, false, false, t.kind = 'closing', false, 100, person, e.day + time '18:30', person, e.day + time '18:30'
  FROM item t JOIN entry e ON e.kind = t.kind AND e.x = t.x JOIN account_move move ON move.id = t.entry
  LEFT JOIN ordered_line l USING (r) LEFT JOIN good USING (g)
  LEFT JOIN session_sum s ON t.kind = 'closing' AND s.s = t.x,
       LATERAL (SELECT CASE WHEN (part = 1 AND match IS NULL) OR part IN (4, 9, 11) THEN balance ELSE 0 END AS open_amount) still,
       base, shop
 ORDER BY t.id;

INSERT INTO account_move_line_account_tax_rel (account_move_line_id, account_tax_id) SELECT id, shop.tax FROM item, shop WHERE part IN (5, 13);
INSERT INTO sale_order_line_invoice_rel (invoice_line_id, order_line_id) SELECT id, base.last_sale_line + r FROM item, base WHERE part = 13;

INSERT INTO account_payment (id, name, state, move_id, journal_id, company_id, currency_id, partner_id, payment_method_line_id, payment_method_id,
        outstanding_account_id, destination_account_id, payment_type, partner_type, memo, date, amount, amount_company_currency_signed,
        is_reconciled, is_matched, is_sent, pos_payment_method_id, pos_session_id, create_uid, create_date, write_uid, write_date)
SELECT base.last_payment + paid.j, e.name, 'paid', e.id, e.journal, company, currency, customer, bank_line, bank_method,
       outstanding, receivable, 'inbound', 'customer', bill.name, e.day, total, total, true, false, false, NULL, NULL, person, e.day + time '12:00', person, e.day + time '12:00'
  FROM paid JOIN invoice USING (i) JOIN entry e ON e.kind = 'payment' AND e.x = paid.j JOIN entry bill ON bill.kind = 'invoice' AND bill.x = paid.i, base, shop
UNION ALL
SELECT base.last_payment + (SELECT count(*) FROM paid) + s.s, e.name, 'in_process', e.id, e.journal, company, currency, NULL, bank_line, bank_method,
       outstanding, counter_receivable, 'inbound', 'customer', 'Combine Card POS payments from ' || x.name, e.day, s.card, s.card, true, false, false,
       shop.card, x.id, person, e.day + time '18:30', person, e.day + time '18:30'
  FROM session_sum s JOIN counter_session x USING (s) JOIN entry e ON e.kind = 'card' AND e.x = s.s, base, shop;

INSERT INTO account_move__account_payment (invoice_id, payment_id)
SELECT bill.id, base.last_payment + paid.j FROM paid JOIN entry bill ON bill.kind = 'invoice' AND bill.x = paid.i, base;

INSERT INTO account_bank_statement_line (id, move_id, journal_id, company_id, currency_id, sequence, payment_ref, internal_index, amount,
        amount_currency, amount_residual, is_reconciled, pos_session_id, create_uid, create_date, write_uid, write_date)
SELECT base.last_statement_line + s.s, e.id, e.journal, company, currency, 1, x.name,
       format('%s2147483646%s', to_char(e.day, 'YYYYMMDD'), lpad((base.last_statement_line + s.s)::text, 10, '0')), s.cash, 0, 0, true, x.id,
       person, e.day + time '18:30', person, e.day + time '18:30'
  FROM session_sum s JOIN counter_session x USING (s) JOIN entry e ON e.kind = 'cash' AND e.x = s.s, base, shop;

INSERT INTO account_full_reconcile (id, create_uid, create_date, write_uid, write_date)
SELECT base.last_full_one + match, person, e.day + time '18:30', person, e.day + time '18:30'
  FROM item JOIN entry e ON e.id = item.entry, base, shop WHERE match IS NOT NULL AND balance > 0;

INSERT INTO account_partial_reconcile (id, debit_move_id, credit_move_id, full_reconcile_id, debit_currency_id, credit_currency_id, company_id,
        max_date, amount, debit_amount_currency, credit_amount_currency, create_uid, create_date, write_uid, write_date)
SELECT base.last_partial + d.match, d.id, c.id, base.last_full_one + d.match, currency, currency, company,
       e.day, d.balance, d.balance, d.balance, person, e.day + time '18:30', person, e.day + time '18:30'
  FROM item d JOIN item c ON c.match = d.match AND c.balance < 0 JOIN entry e ON e.id = c.entry, base, shop
 WHERE d.balance > 0;
