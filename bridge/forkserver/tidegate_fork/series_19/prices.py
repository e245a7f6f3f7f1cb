"""Journey `prices`: what Odoo's own price rules say, for comparison between two releases."""

from odoo import fields

from .traceless import traceless


def prices(journey):
    """One row per pricelist, quantity, date and product; the same keys on every release of one tenant.

    `products` (how many, by id), `quantities`, `dates` (ISO, as a list each).
    """
    count, quantities, dates = journey.param("products"), journey.param("quantities"), journey.param("dates")
    with traceless(journey.database) as env:
        products = env["product.product"].search([("sale_ok", "=", True)], order="id", limit=count)
        rows = [
            _row(pricelist, product, quantity, date, price)
            for pricelist in env["product.pricelist"].search([], order="id")
            for quantity in quantities
            for date in dates
            for product, price in _priced(pricelist, products, quantity, date)
        ]
    return {"products": len(products), "rows": rows}


def _priced(pricelist, products, quantity, date):
    sold = products.filtered(lambda product: not product.company_id or product.company_id == pricelist.company_id)
    scope = sold if not pricelist.company_id else sold.with_company(pricelist.company_id)
    found = pricelist._get_products_price(scope, quantity, date=fields.Datetime.to_datetime(date))
    return ((product, found[product.id]) for product in scope)


def _row(pricelist, product, quantity, date, price):
    return {
        "product": product.default_code or f"#{product.id}",
        "product_id": product.id,
        "pricelist": pricelist.name,
        "pricelist_id": pricelist.id,
        "quantity": quantity,
        "date": date,
        "currency": pricelist.currency_id.name,
        "price": price,
    }
