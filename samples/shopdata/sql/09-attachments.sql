-- The printed invoice of some, spread over all of them. `file` is made by `make`: one row an attachment, with what its file holds.
CREATE TEMP TABLE attached AS
SELECT f.*, base.last_attachment + f.f AS id, e.id AS entry, e.name, e.day
  FROM file f JOIN entry e ON e.kind = 'invoice' AND e.x = 1 + (f.f - 1) * (SELECT count(*) FROM invoice) / (SELECT count(*) FROM file), base;

INSERT INTO ir_attachment (id, name, res_model, res_id, company_id, type, mimetype, store_fname, checksum, file_size, index_content, public,
        create_uid, create_date, write_uid, write_date)
SELECT id, CASE WHEN shared THEN 'Terms.pdf' ELSE replace(name, '/', '_') || '.pdf' END, 'account.move', entry, company, 'binary', 'application/pdf',
       left(sha1, 2) || '/' || sha1, sha1, size, 'application', false, person, day + time '12:05', person, day + time '12:05'
  FROM attached, shop;

UPDATE account_move SET message_main_attachment_id = attached.id FROM attached WHERE account_move.id = attached.entry AND NOT shared;

INSERT INTO message_attachment_rel (message_id, attachment_id)
SELECT base.last_message + w, attached.id FROM attached JOIN written ON part = 4 AND document = entry, base;
