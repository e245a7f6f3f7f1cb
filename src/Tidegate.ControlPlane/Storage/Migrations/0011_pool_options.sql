-- What a pool says of Odoo's options; null is nothing.
alter table pool add column options jsonb;
