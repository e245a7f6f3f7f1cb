-- Whoever asks for a number next gets one that nobody has.
SELECT setval(pg_get_serial_sequence(name, 'id'), greatest(pg_temp.last_id(name::regclass), 1), pg_temp.last_id(name::regclass) > 0)
  FROM unnest(ARRAY['product_template', 'product_product', 'product_value', 'res_partner', 'sale_order', 'sale_order_line', 'stock_picking',
       'stock_move', 'stock_move_line', 'stock_quant', 'stock_reference', 'account_move', 'account_move_line', 'account_payment',
       'account_bank_statement_line', 'account_partial_reconcile', 'account_full_reconcile', 'pos_session', 'pos_order', 'pos_order_line',
       'pos_payment', 'mail_message', 'mail_tracking_value', 'mail_followers', 'ir_attachment']) name;

SELECT setval(pg_temp.numbers(id), last) FROM (
    SELECT order_numbers AS id, pg_temp.given(pg_temp.numbers(order_numbers)) + (SELECT count(*) FROM ordered) AS last FROM shop
    UNION ALL SELECT session_numbers, pg_temp.given(pg_temp.numbers(session_numbers)) + (SELECT count(*) FROM counter_session) FROM shop
    UNION ALL SELECT delivery_numbers, pg_temp.given(pg_temp.numbers(delivery_numbers)) + (SELECT count(*) FROM delivery WHERE n IS NOT NULL) FROM shop
    UNION ALL SELECT counter_delivery_numbers, pg_temp.given(pg_temp.numbers(counter_delivery_numbers)) + (SELECT count(*) FROM delivery WHERE q IS NOT NULL) FROM shop) given;

UPDATE ir_sequence SET number_next = number_next + (SELECT sales FROM amount) FROM shop WHERE ir_sequence.id = counter_numbers;

INSERT INTO ir_config_parameter (key, value, create_uid, create_date, write_uid, write_date)
SELECT 'tidegate.shopdata', current_setting('shopdata.label'), 1, since, 1, since FROM shop;
