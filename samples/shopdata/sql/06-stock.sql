-- What left the warehouse: a delivery for each order that was delivered, and one for each sale of the counter.
CREATE TEMP TABLE delivery AS
SELECT d, (base.last_picking + d)::int AS id, n, q, name, origin, customer, at, weight, kind
  FROM (SELECT row_number() OVER (ORDER BY n) AS d, n, NULL::int AS q,
               format('%s%s', prefix, lpad((last.given + row_number() OVER (ORDER BY n))::text, padding, '0')) AS name,
               o.name AS origin, customer, at + interval '1 day' AS at, weight, delivery_type AS kind
          FROM ordered o JOIN order_sum USING (n), shop JOIN ir_sequence i ON i.id = delivery_numbers, pg_temp.given(pg_temp.numbers(i.id)) AS last (given)
         WHERE fate = 'done'
        UNION ALL
        SELECT (SELECT count(*) FROM ordered WHERE fate = 'done') + q, NULL, q,
               format('%s%s', prefix, lpad((last.given + q)::text, padding, '0')),
               format('%s - %s', counter_name, lpad(sale.number::text, 6, '0')), customer, at, weight, counter_type
          FROM sale JOIN sale_sum USING (q), shop JOIN ir_sequence i ON i.id = counter_delivery_numbers, pg_temp.given(pg_temp.numbers(i.id)) AS last (given)) both_kinds,
       base;
CREATE UNIQUE INDEX ON delivery (n) WHERE n IS NOT NULL;
CREATE UNIQUE INDEX ON delivery (q) WHERE q IS NOT NULL;
ANALYZE delivery;

INSERT INTO stock_picking (id, name, origin, state, priority, move_type, picking_type_id, location_id, location_dest_id, partner_id, company_id,
        sale_id, pos_order_id, pos_session_id, shipping_weight, is_locked, has_deadline_issue, scheduled_date, date_deadline, date_done,
        create_uid, create_date, write_uid, write_date)
SELECT d.id, d.name, origin, 'done', '0', 'direct', kind, stock_place, customer_place, d.customer, company,
       o.id, sale.id, sale.session, d.weight, true, false, d.at, CASE WHEN d.n IS NOT NULL THEN d.at END, d.at, person, d.at, person, d.at
  FROM delivery d LEFT JOIN ordered o USING (n) LEFT JOIN sale USING (q), shop
 ORDER BY d;

-- Every article came in by one count of the shelves, enough for all that was sold and some more.
CREATE TEMP TABLE moved AS
WITH gone AS (
    SELECT 1 AS part, l.r, g, quantity, d.id AS delivery, d.name AS reference, d.at, d.kind, d.customer, d.origin, base.last_sale_line + l.r AS sale_line, d.n
      FROM ordered_line l JOIN delivery d USING (n), base
    UNION ALL
    SELECT 2, l.r, g, quantity, d.id, d.name, d.at, d.kind, d.customer, NULL, NULL, NULL
      FROM sale_line l JOIN delivery d USING (q))
SELECT row_number() OVER (ORDER BY part, r) + amount.goods AS m, gone.* FROM gone, amount;

CREATE TEMP TABLE shelf AS
SELECT g, coalesce(sum(quantity), 0) AS sold, coalesce(sum(quantity), 0) + 50 + pg_temp.pick(g, 51, 500) AS counted
  FROM good LEFT JOIN moved USING (g) GROUP BY g;
ANALYZE moved, shelf;

INSERT INTO stock_move (id, sequence, company_id, product_id, product_uom, packaging_uom_id, location_id, location_dest_id, priority, state, procure_method,
        reference, product_qty, product_uom_qty, packaging_uom_qty, quantity, value, picked, propagate_cancel, is_inventory, additional,
        to_refund, is_in, is_out, is_dropship, date, create_uid, create_date, write_uid, write_date)
SELECT base.last_stock_move + g, 10, company, product, unit, unit, inventory_place, stock_place, '0', 'done', 'make_to_stock',
       'Product Quantity Updated', counted, counted, counted, counted, counted * cost, true, true, true, false,
       true, true, false, false, entered, 1, entered, 1, entered
  FROM shelf JOIN good USING (g), base, shop;

INSERT INTO stock_move (id, sequence, company_id, product_id, product_uom, packaging_uom_id, location_id, location_dest_id, location_final_id,
        partner_id, picking_id, picking_type_id, warehouse_id, sale_line_id, priority, state, origin, procure_method, reference, reservation_date,
        product_qty, product_uom_qty, packaging_uom_qty, quantity, value, picked, propagate_cancel, is_inventory, additional, to_refund,
        is_in, is_out, is_dropship, date, date_deadline, create_uid, create_date, write_uid, write_date)
SELECT base.last_stock_move + m, 10, company, product, unit, unit, stock_place, customer_place, CASE part WHEN 1 THEN customer_place END,
       customer, delivery, kind, CASE part WHEN 1 THEN warehouse END, moved.sale_line, '0', 'done', origin, 'make_to_stock', reference, moved.at::date,
       quantity, quantity, quantity, quantity, quantity * cost, true, part = 2, false, false, true,
       false, true, false, moved.at, CASE part WHEN 1 THEN moved.at END, person, moved.at, person, moved.at
  FROM moved JOIN good USING (g), base, shop
 ORDER BY m;

INSERT INTO stock_move_line (id, move_id, picking_id, company_id, product_id, product_uom_id, location_id, location_dest_id, state, quantity,
        quantity_product_uom, picked, date, create_uid, create_date, write_uid, write_date)
SELECT base.last_stock_line + g, base.last_stock_move + g, NULL, company, product, unit, inventory_place, stock_place, 'done', counted,
       counted, true, entered, 1, entered, 1, entered
  FROM shelf JOIN good USING (g), base, shop;

INSERT INTO stock_move_line (id, move_id, picking_id, company_id, product_id, product_uom_id, location_id, location_dest_id, state, quantity,
        quantity_product_uom, picked, date, create_uid, create_date, write_uid, write_date)
SELECT base.last_stock_line + m, base.last_stock_move + m, delivery, company, product, unit, stock_place, customer_place, 'done', quantity,
       quantity, true, moved.at, person, moved.at, person, moved.at
  FROM moved JOIN good USING (g), base, shop
 ORDER BY m;

INSERT INTO stock_quant (id, product_id, company_id, location_id, quantity, reserved_quantity, inventory_quantity, inventory_diff_quantity,
        inventory_quantity_set, inventory_date, in_date, create_uid, create_date, write_uid, write_date)
SELECT base.last_quant + (place - 1) * amount.goods + g, product, CASE place WHEN 3 THEN NULL ELSE company END,
       CASE place WHEN 1 THEN stock_place WHEN 2 THEN inventory_place ELSE customer_place END,
       CASE place WHEN 1 THEN counted - sold WHEN 2 THEN -counted ELSE sold END, 0, 0, 0, false,
       CASE place WHEN 1 THEN make_date(date_part('year', current_setting('shopdata.until')::date)::int, 12, 31) END, entered, 1, entered, 1, entered
  FROM shelf JOIN good USING (g), base, shop, amount, generate_series(1, 3) place
 WHERE place < 3 OR sold > 0;

INSERT INTO stock_reference (id, name, create_uid, create_date, write_uid, write_date)
SELECT base.last_reference + n, name, person, at, person, at FROM ordered, base, shop WHERE fate = 'done';
INSERT INTO stock_reference_sale_rel (sale_id, reference_id) SELECT id, base.last_reference + n FROM ordered, base WHERE fate = 'done';
INSERT INTO stock_reference_move_rel (move_id, reference_id)
SELECT base.last_stock_move + m, base.last_reference + n FROM moved, base WHERE part = 1;
