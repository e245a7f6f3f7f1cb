"""Facts about an Odoo, found by running it."""
