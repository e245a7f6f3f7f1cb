"""Which Odoo this is, and which interpreter runs it."""

import platform


def facts():
    from odoo import release

    return {
        "version": release.version,
        "series": release.series,
        "product": release.product_name,
        "python": platform.python_version(),
    }
