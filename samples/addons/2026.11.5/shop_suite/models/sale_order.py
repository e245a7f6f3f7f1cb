from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shop_channel = fields.Selection(
        [("counter", "Counter"), ("phone", "Phone"), ("web", "Web")],
        string="Channel",
        default="counter",
        help="Where the customer placed the order.",
    )
