from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    promo_code = fields.Char(string="Promotion Code", copy=False)
    promo_campaign = fields.Char(string="Promotion Campaign", required=True, copy=False)
    promo_saving = fields.Monetary(
        string="Saved",
        compute="_compute_promo_saving",
        store=True,
        help="What the customer pays less than list price.",
    )

    # Not on the product's list price: an old order keeps what was saved on its day.
    @api.depends("order_line.price_unit", "order_line.discount", "order_line.product_uom_qty")
    def _compute_promo_saving(self):
        for order in self:
            order.promo_saving = sum(
                (line.product_id.lst_price - line.price_unit * (1 - line.discount / 100)) * line.product_uom_qty
                for line in order.order_line
                if line.product_id
            )
