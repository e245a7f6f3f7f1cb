-- The counter: one session a day, closed in the evening; each sale paid in cash or by card.
CREATE TEMP TABLE counter_session AS
SELECT s,
       (base.last_session + s)::int AS id,
       format('%s/%s', shop.counter_name, lpad((numbers.given + s)::text, 5, '0')) AS name,
       shop.since + (s::bigint * shop.days / (amount.sessions + 1))::int AS day
  FROM shop, amount, base, (SELECT pg_temp.given(pg_temp.numbers(session_numbers)) FROM shop) numbers, generate_series(1, amount.sessions) s;
CREATE UNIQUE INDEX ON counter_session (s);
ANALYZE counter_session;

CREATE TEMP TABLE sale AS
SELECT q,
       (base.last_sale + q)::int AS id,
       c.number_next + q - 1 AS number,
       s,
       counter_session.id AS session,
       CASE WHEN pg_temp.pick(q, 31, 4) = 0 THEN customer.id END AS customer,
       pg_temp.pick(q, 32, 100) < 35 AS in_cash,
       day + time '09:00' + make_interval(secs => pg_temp.pick(q, 33, 32400)) AS at
  FROM base, amount, shop JOIN ir_sequence c ON c.id = shop.counter_numbers, generate_series(1, (SELECT sales FROM amount)) q
  JOIN counter_session ON s = 1 + (q - 1)::bigint * (SELECT sessions FROM amount) / (SELECT sales FROM amount)
  JOIN customer ON customer.c = 1 + pg_temp.pick(q, 34, (SELECT customers FROM amount));
CREATE UNIQUE INDEX ON sale (q);
ANALYZE sale;

CREATE TEMP TABLE sale_line AS
SELECT row_number() OVER (ORDER BY q, k) AS r, q, k, g, quantity, quantity * price AS subtotal, quantity * price * tax_rate / 100 AS tax
  FROM (SELECT q, k, 1 + ((pg_temp.pick(16 * q + k, 41, 10000) / 10000.0) ^ 2 * amount.goods)::int % amount.goods AS g,
               1 + pg_temp.pick(16 * q + k, 42, 3) AS quantity
          FROM sale, amount, generate_series(1, 1 + pg_temp.pick(q, 43, 4)) k) line
  JOIN good USING (g), shop;
CREATE INDEX ON sale_line (q);
ANALYZE sale_line;

CREATE TEMP TABLE sale_sum AS
SELECT q, sum(subtotal) AS untaxed, sum(tax) AS tax, sum(subtotal + tax) AS total, sum(quantity * weight) AS weight
  FROM sale_line JOIN good USING (g) GROUP BY q;
CREATE UNIQUE INDEX ON sale_sum (q);
ANALYZE sale_sum;

CREATE TEMP TABLE session_sum AS
SELECT s, untaxed, tax, coalesce(cash, 0) AS cash, coalesce(card, 0) AS card, sum(coalesce(cash, 0)) OVER (ORDER BY s) AS in_drawer
  FROM (SELECT s, sum(untaxed) AS untaxed, sum(tax) AS tax, sum(total) FILTER (WHERE in_cash) AS cash, sum(total) FILTER (WHERE NOT in_cash) AS card
          FROM sale JOIN sale_sum USING (q) GROUP BY s) sums;
CREATE UNIQUE INDEX ON session_sum (s);
ANALYZE session_sum;

INSERT INTO pos_session (id, name, state, config_id, user_id, cash_journal_id, move_id, access_token, opening_notes, rescue, update_stock_at_closing,
        cash_register_balance_start, cash_register_balance_end_real, cash_real_transaction, start_at, stop_at,
        create_uid, create_date, write_uid, write_date)
SELECT x.id, x.name, 'closed', counter, person, cash_journal, NULL, pg_temp.uuid(s, 1), '', false, false,
       in_drawer - session_sum.cash, in_drawer, 0, day + time '08:45', day + time '18:30', person, day + time '08:45', person, day + time '18:30'
  FROM counter_session x JOIN session_sum USING (s), shop;

INSERT INTO pos_order (id, name, uuid, access_token, pos_reference, tracking_number, sequence_number, state, source, email, mobile, user_id, company_id,
        config_id, session_id, pricelist_id, partner_id, sale_journal, nb_print, is_refund, to_invoice, is_tipped, last_order_preparation_change,
        amount_tax, amount_total, amount_paid, amount_return, currency_rate, date_order, create_uid, create_date, write_uid, write_date)
SELECT sale.id, format('%s - %s', counter_name, lpad(number::text, 6, '0')), pg_temp.uuid(q, 2), pg_temp.uuid(q, 3),
       format('%s-%s-%s', to_char(sale.at, 'YYDDD'), counter, lpad(number::text, 6, '0')), (number % 1000)::text, 1, 'done', 'pos', coalesce(c.email, ''), c.phone, person, company,
       counter, session, pricelist, customer, counter_journal, 0, false, false, false, '{}',
       sums.tax, total, total, 0, 1, sale.at, person, sale.at, person, sale.at
  FROM sale JOIN sale_sum sums USING (q) LEFT JOIN customer c ON c.id = sale.customer, shop
 ORDER BY q;

INSERT INTO pos_order_line (id, order_id, company_id, product_id, name, full_product_name, uuid, price_type, price_unit, qty, qty_delivered,
        price_subtotal, price_subtotal_incl, total_cost, discount, is_total_cost_computed, is_edited, create_uid, create_date, write_uid, write_date)
SELECT base.last_counter_line + r, sale.id, company, product, format('%s/%s', counter_name, lpad(r::text, 6, '0')), format('[%s] %s', code, good.name),
       pg_temp.uuid(r, 4), 'original', price, quantity, quantity, subtotal, subtotal + l.tax, quantity * cost, 0, true, false, person, sale.at, person, sale.at
  FROM sale_line l JOIN sale USING (q) JOIN good USING (g), base, shop
 ORDER BY r;

INSERT INTO account_tax_pos_order_line_rel (pos_order_line_id, account_tax_id)
SELECT base.last_counter_line + r, shop.tax FROM sale_line, base, shop;

INSERT INTO pos_payment (id, name, pos_order_id, payment_method_id, session_id, company_id, uuid, amount, is_change, payment_date,
        create_uid, create_date, write_uid, write_date)
SELECT base.last_counter_payment + q, to_char(at, 'YYYY-MM-DD HH24:MI:SS'), sale.id, CASE WHEN in_cash THEN cash ELSE card END, session, company,
       pg_temp.uuid(q, 5), total, false, at, person, at, person, at
  FROM sale JOIN sale_sum USING (q), base, shop;
