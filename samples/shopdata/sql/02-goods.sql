-- What the shop sells: storable articles with a price, a cost and a barcode, sold at the counter too.
CREATE TEMP TABLE good AS
SELECT *, format(E'[%s] %s\n%s', code, name, description) AS label
  FROM (
SELECT g,
       (base.last_template + g)::int AS template,
       (base.last_product + g)::int AS product,
       format('%s %s %s', (ARRAY['Oak', 'Steel', 'Linen', 'Glass', 'Clay', 'Cork', 'Wool', 'Brass', 'Bamboo', 'Slate'])[1 + pg_temp.pick(g, 1, 10)],
              (ARRAY['bowl', 'lamp', 'tray', 'shelf', 'chair', 'basket', 'mug', 'board', 'vase', 'stool', 'cushion', 'clock'])[1 + pg_temp.pick(g, 2, 12)],
              g) AS name,
       format('SD-%s', lpad(g::text, 6, '0')) AS code,
       shop.price_step * (5 + pg_temp.pick(g, 3, 600)) AS price,
       round(shop.price_step * (5 + pg_temp.pick(g, 3, 600)) * (40 + pg_temp.pick(g, 4, 30)) / 100, 2) AS cost,
       round(0.1 * (1 + pg_temp.pick(g, 5, 80)), 2) AS weight,
       shop.since - 30 + time '09:00' AS entered,
       'Made to last; comes in recycled paper.' AS description
  FROM shop, amount, base, generate_series(1, amount.goods) g) named;
CREATE UNIQUE INDEX ON good (g);
ANALYZE good;

INSERT INTO product_template (id, name, type, is_storable, categ_id, uom_id, sequence, color, tracking, service_tracking, service_type,
        expense_policy, invoice_policy, default_code, list_price, volume, weight, sale_delay, sale_ok, purchase_ok, active,
        available_in_pos, lot_valuated, lot_sequence_id, pos_sequence, has_configurable_attributes, can_image_1024_be_zoomed,
        description_sale, create_uid, create_date, write_uid, write_date)
SELECT template, jsonb_build_object('en_US', name), 'consu', true, category, unit, 1, pg_temp.pick(g, 6, 12), 'none', 'no', 'manual',
       'no', 'order', code, price, 0, weight, 0, true, true, true,
       true, false, lot_numbers, 1, false, false,
       jsonb_build_object('en_US', description), 1, entered, 1, entered
  FROM good, shop;

INSERT INTO product_product (id, product_tmpl_id, default_code, barcode, combination_indices, standard_price, volume, weight, active,
        is_favorite, can_image_variant_1024_be_zoomed, create_uid, create_date, write_uid, write_date)
SELECT product, template, code, format('27%s', lpad(g::text, 11, '0')), '', jsonb_build_object(shop.company::text, cost), 0, weight, true,
       false, false, 1, entered, 1, entered
  FROM good, shop;

INSERT INTO product_value (id, product_id, company_id, user_id, value, date, description, create_uid, create_date, write_uid, write_date)
SELECT base.last_value + g, product, shop.company, 1, cost, entered, format('Price update from 0.0 to %s by OdooBot', cost), 1, entered, 1, entered
  FROM good, shop, base;

INSERT INTO product_taxes_rel (prod_id, tax_id) SELECT template, tax FROM good, shop;
INSERT INTO product_supplier_taxes_rel (prod_id, tax_id)
SELECT template, account_purchase_tax_id FROM good, shop JOIN res_company c ON c.id = shop.company WHERE account_purchase_tax_id IS NOT NULL;
INSERT INTO pos_category_product_template_rel (product_template_id, pos_category_id)
SELECT template, c.ids[1 + pg_temp.pick(g, 7, cardinality(c.ids))] FROM good, (SELECT array_agg(id ORDER BY id) AS ids FROM pos_category) c
 WHERE c.ids IS NOT NULL;
