-- Sale orders: nine of ten delivered and invoiced, the others cancelled or still quotations.
CREATE TEMP TABLE ordered AS
SELECT n,
       (base.last_sale_order + n)::int AS id,
       format('S%s', lpad((numbers.given + n)::text, 5, '0')) AS name,
       customer.id AS customer,
       CASE WHEN pg_temp.pick(n, 11, 100) < 90 THEN 'done' WHEN pg_temp.pick(n, 11, 100) < 95 THEN 'cancel' ELSE 'draft' END AS fate,
       pg_temp.pick(n, 12, 100) < 85 AS paid,
       shop.since + (n::bigint * shop.days / amount.orders)::int + time '08:00' + make_interval(secs => pg_temp.pick(n, 13, 36000)) AS at
  FROM shop, amount, base, (SELECT pg_temp.given(pg_temp.numbers(order_numbers)) FROM shop) numbers, generate_series(1, amount.orders) n
  JOIN customer ON customer.c = 1 + pg_temp.pick(n, 14, (SELECT customers FROM amount));
CREATE UNIQUE INDEX ON ordered (n);
ANALYZE ordered;

-- Few articles are most of what is sold: the square makes them so.
CREATE TEMP TABLE ordered_line AS
SELECT row_number() OVER (ORDER BY n, k) AS r, n, k, g, quantity, quantity * price AS subtotal, quantity * price * tax_rate / 100 AS tax
  FROM (SELECT n, k, 1 + ((pg_temp.pick(16 * n + k, 21, 10000) / 10000.0) ^ 2 * amount.goods)::int % amount.goods AS g,
               1 + pg_temp.pick(16 * n + k, 22, 4) AS quantity
          FROM ordered, amount, generate_series(1, 1 + pg_temp.pick(n, 23, 5)) k) line
  JOIN good USING (g), shop;
CREATE INDEX ON ordered_line (n);
ANALYZE ordered_line;

CREATE TEMP TABLE order_sum AS
SELECT n, count(*) AS lines, sum(subtotal) AS untaxed, sum(tax) AS tax, sum(subtotal + tax) AS total, sum(quantity * weight) AS weight
  FROM ordered_line JOIN good USING (g) GROUP BY n;
CREATE UNIQUE INDEX ON order_sum (n);
ANALYZE order_sum;

INSERT INTO sale_order (id, name, company_id, partner_id, partner_invoice_id, partner_shipping_id, pricelist_id, fiscal_position_id, currency_id, user_id, team_id,
        state, invoice_status, delivery_status, client_order_ref, validity_date, currency_rate, amount_untaxed, amount_tax, amount_total,
        amount_unpaid, locked, require_signature, require_payment, prepayment_percent, date_order, warehouse_id, picking_policy,
        effective_date, create_uid, create_date, write_uid, write_date)
SELECT o.id, o.name, shop.company, customer, customer, customer, pricelist, fiscal_position, currency, person, team,
       CASE fate WHEN 'done' THEN 'sale' ELSE fate END, CASE fate WHEN 'done' THEN 'invoiced' ELSE 'no' END, CASE fate WHEN 'done' THEN 'full' END,
       format('WEB-%s', pg_temp.pick(n, 15, 1000000000)), at::date + 30, 1, untaxed, tax_sum, total,
       CASE fate WHEN 'done' THEN 0 ELSE total END, false, true, false, 1, at, warehouse, 'direct',
       CASE fate WHEN 'done' THEN at + interval '1 day' END, person, at, person, at + interval '1 day'
  FROM ordered o JOIN (SELECT n, untaxed, tax AS tax_sum, total FROM order_sum) s USING (n), shop
 ORDER BY n;

INSERT INTO sale_order_line (id, order_id, sequence, company_id, currency_id, order_partner_id, salesman_id, product_id, product_uom_id, state,
        qty_delivered_method, invoice_status, name, product_uom_qty, price_unit, technical_price_unit, discount, price_subtotal, price_tax, price_total,
        price_reduce_taxexcl, price_reduce_taxinc, qty_delivered, qty_invoiced, qty_to_invoice, untaxed_amount_invoiced, untaxed_amount_to_invoice,
        is_downpayment, is_expense, is_optional, collapse_prices, collapse_composition, customer_lead, warehouse_id,
        create_uid, create_date, write_uid, write_date)
SELECT base.last_sale_line + r, o.id, 10, shop.company, currency, customer, person, product, unit, CASE fate WHEN 'done' THEN 'sale' ELSE fate END,
       'stock_move', CASE fate WHEN 'done' THEN 'invoiced' ELSE 'no' END, label, quantity, price, price, 0, subtotal, l.tax, subtotal + l.tax,
       price, price * (100 + tax_rate) / 100, delivered, delivered, 0, invoiced, 0,
       false, false, false, false, false, 0, warehouse, person, at, person, at
  FROM ordered_line l JOIN ordered o USING (n) JOIN good USING (g), base, shop,
       LATERAL (SELECT CASE fate WHEN 'done' THEN l.quantity ELSE 0 END AS delivered, CASE fate WHEN 'done' THEN l.subtotal ELSE 0 END AS invoiced) done
 ORDER BY r;

INSERT INTO account_tax_sale_order_line_rel (sale_order_line_id, account_tax_id)
SELECT base.last_sale_line + r, shop.tax FROM ordered_line, base, shop;
