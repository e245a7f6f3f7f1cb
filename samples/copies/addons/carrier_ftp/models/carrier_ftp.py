import urllib.request

from odoo import fields, models


class CarrierFtp(models.Model):
    _name = "carrier.ftp"
    _description = "A carrier's FTP account"

    name = fields.Char(required=True)
    host = fields.Char()
    login = fields.Char()
    ftp_password = fields.Char()
    label = fields.Char(translate=True)
    partner_id = fields.Many2one("res.partner")
    remark = fields.Text()

    def push(self):
        """What its cron does: it calls its carrier."""
        for carrier in self.search([]):
            urllib.request.urlopen(carrier.host, timeout=5).read()
