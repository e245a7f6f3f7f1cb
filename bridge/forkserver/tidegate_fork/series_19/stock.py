"""Journey `stock`: a delivery from draft to reserved, undone."""

from odoo import Command

from .expect import expect
from .traceless import traceless


def stock(journey):
    """Plans, confirms and reserves a delivery of one piece. `login` (optional): as that user."""
    with traceless(journey.database, journey.params.get("login")) as env:
        warehouse = env["stock.warehouse"].search([], order="id", limit=1)
        product = _available(env, warehouse.lot_stock_id)
        before = _free(product, warehouse)
        delivery = _delivery(env, warehouse, product)
        delivery.action_confirm()
        delivery.action_assign()
        after = _free(product, warehouse)
        expect(delivery.state == "assigned", f"the reserved delivery is in state {delivery.state}")
        expect(after == before - 1, f"one piece was reserved, and {before} free became {after}")
        return {"delivery": delivery.name, "state": delivery.state, "free_before": before, "free_after": after}


def _available(env, location):
    on_hand = [("location_id", "child_of", location.id), ("quantity", ">", 0), ("product_id.is_storable", "=", True)]
    quants = env["stock.quant"].search(on_hand, order="product_id", limit=20)
    free = quants.filtered(lambda quant: quant.available_quantity >= 1)
    expect(free, "no product is on hand")
    return free[0].product_id


def _free(product, warehouse):
    product.invalidate_recordset(["free_qty"])
    return product.with_context(location=warehouse.lot_stock_id.id).free_qty


def _delivery(env, warehouse, product):
    route = {
        "location_id": warehouse.lot_stock_id.id,
        "location_dest_id": env.ref("stock.stock_location_customers").id,
    }
    move = {"product_id": product.id, "product_uom_qty": 1, **route}
    kind = warehouse.out_type_id.id
    return env["stock.picking"].create({"picking_type_id": kind, "move_ids": [Command.create(move)], **route})
