"""Journey `order`: an order from draft to delivery, undone."""

from odoo import Command

from .expect import expect
from .traceless import traceless


def order(journey):
    """Orders two products, confirms, and checks totals and delivery. `login` (optional): as that user."""
    with traceless(journey.database, journey.params.get("login")) as env:
        lines = [
            Command.create({"product_id": product.id, "product_uom_qty": quantity})
            for quantity, product in enumerate(_products(env), start=1)
        ]
        made = env["sale.order"].create({"partner_id": _customer(env).id, "order_line": lines})
        made.action_confirm()
        _check(made)
        return {
            "order": made.name,
            "state": made.state,
            "untaxed": made.amount_untaxed,
            "tax": made.amount_tax,
            "total": made.amount_total,
            "deliveries": [picking.state for picking in _deliveries(made)],
        }


def _products(env):
    domain = [("sale_ok", "=", True), ("type", "=", "consu"), ("list_price", ">", 0)]
    products = env["product.product"].search(domain, order="id", limit=2)
    expect(products, "there is no product to sell")
    return products


def _customer(env):
    customer = env["res.partner"].search([("customer_rank", ">", 0)], order="id", limit=1)
    return customer or env.user.partner_id


def _check(made):
    currency = made.currency_id
    lines = sum(made.order_line.mapped("price_subtotal"))
    expect(made.state == "sale", f"the confirmed order is in state {made.state}")
    expect(currency.compare_amounts(made.amount_untaxed, lines) == 0, "the lines do not add up to the order")
    expect(
        currency.compare_amounts(made.amount_untaxed + made.amount_tax, made.amount_total) == 0,
        "untaxed amount and tax do not add up to the total",
    )
    if "picking_ids" in made:
        expect(made.picking_ids, "the confirmed order has no delivery")


def _deliveries(made):
    return made.picking_ids if "picking_ids" in made else ()
