from odoo import models


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    # Wrong on purpose: the advertised reduction comes from the pricelists, so it is given twice.
    def _compute_price(self, product, *args, **kwargs):
        price = super()._compute_price(product, *args, **kwargs)
        return price * (1 - product.promo_percent / 100)
