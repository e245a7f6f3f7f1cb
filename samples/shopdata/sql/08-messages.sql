-- What people and Odoo wrote on these documents, and who follows them.
CREATE TEMP TABLE written AS
SELECT row_number() OVER (ORDER BY part, x) AS w, every.*
  FROM (SELECT 1 AS part, n AS x, 'sale.order' AS model, id AS document, at, NULL::int AS author, 'notification' AS kind, true AS internal, '<p>Sales Order created</p>' AS body FROM ordered
        UNION ALL SELECT 2, n, 'sale.order', id, at + interval '1 hour', customer, 'comment', false, NULL FROM ordered WHERE pg_temp.pick(n, 61, 100) < 60
        UNION ALL SELECT 3, n, 'sale.order', id, at + interval '3 hours', NULL, 'comment', false, NULL FROM ordered WHERE pg_temp.pick(n, 62, 100) < 50
        UNION ALL SELECT 4, i, 'account.move', e.id, e.day + time '12:00', NULL, 'notification', false, '<div summary="o_mail_notification"><p>Invoice Created</p></div>' FROM invoice JOIN entry e ON e.kind = 'invoice' AND e.x = i
        UNION ALL SELECT 5, d, 'stock.picking', id, at, NULL, 'notification', true, '' FROM delivery WHERE n IS NOT NULL
        UNION ALL SELECT 6, q, 'pos.order', id, at, NULL, 'notification', true, '<p>Point of Sale Orders created</p>' FROM sale
        UNION ALL SELECT 7, s, 'pos.session', id, day + time '08:45', NULL, 'notification', true, '<p>Point of Sale Session created</p>' FROM counter_session) every;
ANALYZE written;

INSERT INTO mail_message (id, model, res_id, record_company_id, subtype_id, author_id, email_from, message_type, message_id, body, is_internal,
        reply_to_force_new, email_add_signature, date, create_uid, create_date, write_uid, write_date)
SELECT base.last_message + w, model, document, company, CASE kind WHEN 'comment' THEN comment.res_id ELSE note.res_id END, coalesce(author, person_partner), p.email, kind,
       format('<%s.shopdata@example.com>', pg_temp.uuid(w, 6)),
       coalesce(body, '<p>' || (SELECT string_agg((ARRAY['Could you tell me when this leaves the warehouse?', 'The last one was very good, thank you.',
               'Please leave it with the neighbours if nobody opens.', 'We have put it aside for you.', 'The colour is a little darker than in the picture.',
               'Your order is on its way; the carrier rings before they come.', 'Is there a discount for ten of them?', 'It arrived today, all well.',
               'I would like to change the address to that of my office.', 'We shall let you know as soon as it is back in stock.'])[1 + pg_temp.pick(8 * w + k, 63, 10)], ' ' ORDER BY k)
             FROM generate_series(1, 2 + pg_temp.pick(w, 64, 6)) k) || '</p>'), internal, false, NOT internal, at, person, at, person, at
  FROM written JOIN shop ON true LEFT JOIN res_partner p ON p.id = coalesce(author, person_partner),
       base, (SELECT res_id FROM ir_model_data WHERE module = 'mail' AND name = 'mt_comment') comment, (SELECT res_id FROM ir_model_data WHERE module = 'mail' AND name = 'mt_note') note
 ORDER BY w;

INSERT INTO mail_tracking_value (id, field_id, mail_message_id, old_value_char, new_value_char, create_uid, create_date, write_uid, write_date)
SELECT base.last_tracking + x, f.id, base.last_message + w, 'Ready', 'Done', person, at, person, at
  FROM written, base, shop, (SELECT id FROM ir_model_fields WHERE model = 'stock.picking' AND name = 'state') f WHERE part = 5;

CREATE TEMP TABLE following AS
SELECT row_number() OVER (ORDER BY model, document) AS f, model, document, customer
  FROM (SELECT 'sale.order' AS model, id AS document, customer FROM ordered
        UNION ALL SELECT 'account.move', e.id, customer FROM invoice JOIN entry e ON e.kind = 'invoice' AND e.x = i) every;
INSERT INTO mail_followers (id, res_model, res_id, partner_id) SELECT base.last_follower + f, model, document, customer FROM following, base;
INSERT INTO mail_followers_mail_message_subtype_rel (mail_followers_id, mail_message_subtype_id)
SELECT base.last_follower + f, comment.res_id FROM following, base, (SELECT res_id FROM ir_model_data WHERE module = 'mail' AND name = 'mt_comment') comment;
