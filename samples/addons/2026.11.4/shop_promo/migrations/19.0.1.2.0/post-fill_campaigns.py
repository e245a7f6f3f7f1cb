"""Orders get the campaign of their code. Wrong on purpose: an order without a code gets none,
so PostgreSQL cannot make the column NOT NULL as the model asks. Odoo logs that and ends with 0.
"""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE sale_order
           SET promo_campaign = split_part(promo_code, '-', 1)
         WHERE promo_code IS NOT NULL
        """
    )
