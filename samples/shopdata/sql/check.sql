-- One row for each promise: what it is, and how often it is broken.
SELECT 'entries that do not sum up to nothing' AS promise, count(*) AS broken
  FROM (SELECT move_id FROM account_move_line WHERE parent_state = 'posted' GROUP BY move_id HAVING sum(balance) <> 0 OR sum(debit - credit) <> 0) t
UNION ALL SELECT 'trial balance', count(*) FROM (SELECT sum(balance) AS rest FROM account_move_line WHERE parent_state = 'posted') t WHERE rest <> 0
UNION ALL SELECT 'sale orders that differ from their lines', count(*)
  FROM (SELECT order_id, sum(price_total) AS total, sum(price_subtotal) AS untaxed FROM sale_order_line WHERE display_type IS NULL GROUP BY 1) l
  JOIN sale_order o ON o.id = l.order_id WHERE o.create_date < current_setting('shopdata.until')::date AND (o.amount_total <> l.total OR o.amount_untaxed <> l.untaxed OR o.amount_untaxed + o.amount_tax <> o.amount_total)
UNION ALL SELECT 'sales of the counter that differ from their lines', count(*)
  FROM (SELECT order_id, sum(price_subtotal_incl) AS total FROM pos_order_line GROUP BY 1) l JOIN pos_order o ON o.id = l.order_id WHERE o.amount_total <> l.total
UNION ALL SELECT 'sales of the counter that differ from their payments', count(*)
  FROM (SELECT pos_order_id, sum(amount) AS paid FROM pos_payment GROUP BY 1) p JOIN pos_order o ON o.id = p.pos_order_id WHERE o.amount_paid <> p.paid
UNION ALL SELECT 'invoices that differ from their items', count(*)
  FROM (SELECT move_id, sum(balance) FILTER (WHERE display_type = 'payment_term') AS total, -sum(balance) FILTER (WHERE display_type = 'product') AS untaxed FROM account_move_line GROUP BY 1) l
  JOIN account_move m ON m.id = l.move_id WHERE m.move_type = 'out_invoice' AND m.state = 'posted' AND (m.amount_total <> l.total OR m.amount_untaxed <> l.untaxed)
UNION ALL SELECT 'invoices that differ from their orders', count(*)
  FROM account_move m JOIN sale_order o ON o.name = m.invoice_origin WHERE m.move_type = 'out_invoice' AND m.state = 'posted' AND m.amount_total <> o.amount_total
UNION ALL SELECT 'shelves that differ from what was moved', count(*)
  FROM (SELECT product_id, location_id, sum(quantity) AS there FROM stock_quant GROUP BY 1, 2) q
  FULL JOIN (SELECT product_id, location_id, sum(quantity) AS there
               FROM (SELECT product_id, location_dest_id AS location_id, quantity FROM stock_move_line WHERE state = 'done'
                     UNION ALL SELECT product_id, location_id, -quantity FROM stock_move_line WHERE state = 'done') s GROUP BY 1, 2) m USING (product_id, location_id)
 WHERE coalesce(q.there, 0) <> coalesce(m.there, 0)
UNION ALL SELECT 'less than nothing on a shelf', count(*) FROM stock_quant q JOIN stock_location l ON l.id = q.location_id WHERE l.usage = 'internal' AND q.quantity < 0
UNION ALL SELECT 'settled items that are still open', count(*) FROM account_move_line WHERE reconciled AND amount_residual <> 0;
