"""Journey `stock`: a delivery from draft to reserved, undone."""

from odoo import Command

from .expect import expect
from .traceless import traceless


def stock(job):
    """Plans, confirms and reserves a delivery of one piece. `login` (optional): as that user."""
    with traceless(job.database, job.params.get("login")) as env:
        warehouse = env["stock.warehouse"].search([], order="id", limit=1)
        kind = warehouse.out_type_id
        source = warehouse.lot_stock_id
        customers = env.ref("stock.stock_location_customers")
        product = _available(env, source)
        before = product.with_context(location=source.id).free_qty
        picking = env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "location_id": source.id,
                "location_dest_id": customers.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": 1,
                            "location_id": source.id,
                            "location_dest_id": customers.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        expect(picking.state == "assigned", f"the reserved delivery is in state {picking.state}")
        product.invalidate_recordset()
        after = product.with_context(location=source.id).free_qty
        expect(after == before - 1, f"one piece was reserved, and {before} free became {after}")
        return {"delivery": picking.name, "state": picking.state, "free_before": before, "free_after": after}


def _available(env, location):
    quant = env["stock.quant"].search(
        [("location_id", "child_of", location.id), ("quantity", ">", 0), ("product_id.is_storable", "=", True)],
        order="product_id",
        limit=20,
    ).filtered(lambda quant: quant.available_quantity >= 1)[:1]
    expect(quant, "no product is on hand")
    return quant.product_id
