{
    "name": "Carrier by FTP",
    "summary": "A custom module that keeps a secret and says nothing about copies",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Tidegate",
    "license": "LGPL-3",
    "depends": ["shop_suite", "base_automation", "auth_oauth", "mail", "sms", "payment"],
    "data": ["security/ir.model.access.csv"],
    "post_init_hook": "plant",
}
