from odoo import api, fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    promo_percent = fields.Float(
        string="Promotion (%)",
        digits=(5, 2),
        help="The reduction that the shop advertises. Pricelists decide the price; this does not.",
    )
    promo_text = fields.Char(string="Promotion", compute="_compute_promo_text")

    @api.depends("promo_percent")
    def _compute_promo_text(self):
        for template in self:
            percent = template.promo_percent
            template.promo_text = f"Save {percent:g}%" if percent else False
