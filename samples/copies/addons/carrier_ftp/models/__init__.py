from . import carrier_ftp, res_partner
