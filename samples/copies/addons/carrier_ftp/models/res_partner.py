from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    carrier_remark = fields.Char()
