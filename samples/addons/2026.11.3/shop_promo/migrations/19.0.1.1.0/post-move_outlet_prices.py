"""Moves the outlet's reductions to the products. Wrong on purpose: not every shop has an outlet."""


def migrate(cr, version):
    cr.execute("SELECT id FROM product_pricelist WHERE name->>'en_US' = 'Outlet'")
    if not cr.rowcount:
        raise ValueError("shop_promo: this shop has no pricelist 'Outlet' to take the reductions from")
    [outlet] = cr.fetchone()
    cr.execute(
        """
        UPDATE product_template template
           SET promo_percent = rule.percent_price
          FROM product_pricelist_item rule
         WHERE rule.pricelist_id = %s
           AND rule.product_tmpl_id = template.id
           AND rule.compute_price = 'percentage'
        """,
        [outlet],
    )
