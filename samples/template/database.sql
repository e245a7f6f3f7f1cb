-- The empty database that Odoo fills, with the rights of every tenant's database: a NOLOGIN role owns all that Odoo
-- makes, the role that logs in is only its member. So tenants made of the template need REASSIGN OWNED, no superuser.
CREATE ROLE own_template NOLOGIN;
CREATE ROLE template_builder LOGIN;
GRANT own_template TO template_builder;

CREATE DATABASE template TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE template FROM PUBLIC;
GRANT CREATE, CONNECT, TEMPORARY ON DATABASE template TO template_builder;
GRANT CREATE ON DATABASE template TO own_template;
ALTER ROLE template_builder IN DATABASE template SET role TO own_template;

\connect template
ALTER SCHEMA public OWNER TO own_template;
SET ROLE own_template;
-- Odoo does this itself only where it makes the database too.
CREATE EXTENSION pg_trgm;
