-- Who buys: people with an address, a mail and a telephone number that nobody has.
CREATE TEMP TABLE customer AS
SELECT c,
       (base.last_partner + c)::int AS id,
       format('%s %s', first, last) AS name,
       format('%s.%s.%s@shopdata.example.com', lower(first), lower(last), c) AS email,
       format('+1 555 %s', lpad(pg_temp.pick(c, 3, 10000000)::text, 7, '0')) AS phone,
       shop.since + (pg_temp.pick(c, 4, shop.days))::int + time '10:00' AS at
  FROM shop, amount, base, generate_series(1, amount.customers) c,
       LATERAL (SELECT (ARRAY['Ada', 'Bo', 'Cleo', 'Dario', 'Esi', 'Farah', 'Goran', 'Hanne', 'Ines', 'Jonas', 'Kaya', 'Liam', 'Mira', 'Noah',
                              'Ola', 'Pia', 'Quinn', 'Rosa', 'Sven', 'Tove', 'Ugo', 'Vera', 'Wim', 'Yara', 'Zoe'])[1 + pg_temp.pick(c, 1, 25)] AS first,
                       (ARRAY['Abbott', 'Berg', 'Conti', 'Dahl', 'Eriksen', 'Falk', 'Grant', 'Haddad', 'Ito', 'Jansen', 'Kowalski', 'Lindqvist',
                              'Mensah', 'Novak', 'Okafor', 'Pereira', 'Rossi', 'Silva', 'Tanaka', 'Urban', 'Vogel', 'Weber', 'Yilmaz', 'Ziegler'])[1 + pg_temp.pick(c, 2, 24)] AS last) names;
CREATE UNIQUE INDEX ON customer (c);
ANALYZE customer;

INSERT INTO res_partner (id, name, complete_name, type, lang, email, email_normalized, phone, phone_sanitized, street, zip, city, country_id,
        color, active, employee, is_company, partner_share, commercial_partner_id, customer_rank, supplier_rank, autopost_bills,
        message_bounce, comment, create_uid, create_date, write_uid, write_date)
SELECT customer.id, customer.name, customer.name, 'contact', 'en_US', customer.email, customer.email, phone, phone,
       format('%s %s', 1 + pg_temp.pick(c, 5, 180), (ARRAY['Mill Lane', 'High Street', 'Station Road', 'Harbour View', 'Church Row', 'Market Place'])[1 + pg_temp.pick(c, 6, 6)]),
       lpad(pg_temp.pick(c, 7, 100000)::text, 5, '0'),
       (ARRAY['Ashford', 'Brookfield', 'Clayton', 'Dunmore', 'Eastham', 'Fairview', 'Glenwood'])[1 + pg_temp.pick(c, 8, 7)],
       shop.country, 0, true, false, false, true, customer.id, 1, 0, 'ask', 0,
       CASE WHEN pg_temp.pick(c, 9, 5) = 0 THEN '<p>Asks for deliveries in the afternoon.</p>' END, 1, at, 1, at
  FROM customer, shop;
