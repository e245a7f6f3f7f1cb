"""Facts about Odoo modules, read from their files."""
