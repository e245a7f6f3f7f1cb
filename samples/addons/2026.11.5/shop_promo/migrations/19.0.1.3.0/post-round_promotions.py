"""Shops advertise whole percents."""


def migrate(cr, version):
    cr.execute("UPDATE product_template SET promo_percent = round(promo_percent) WHERE promo_percent IS NOT NULL")
