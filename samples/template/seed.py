"""Fills a freshly installed shop: what one sells, to whom, at which prices, from which stock.

Read by `odoo shell` on standard input; everything is stored at the end or not at all.
Every value is derived from a product's number, so that two builds hold the same shop.
"""

import base64
import io
from datetime import datetime

from odoo import Command
from PIL import Image

PRODUCTS = 64
PICTURES = 8
ON_HAND = 100_000  # traffic may sell for hours and every delivery can still be reserved

company = env.company
warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)


def picture(number):
    """A flat colour is an image like any other to the filestore."""
    colour = (40 * number % 256, 90 * number % 256, 200 - 20 * number)
    stream = io.BytesIO()
    Image.new("RGB", (256, 256), colour).save(stream, "PNG")
    return base64.b64encode(stream.getvalue())


def make_products():
    categories = env["pos.category"].create([{"name": name} for name in ("Garden", "Kitchen", "Office", "Travel")])
    products = env["product.product"].create(
        [
            {
                "name": f"{categories[number % 4].name} article {number:02}",
                "default_code": f"TG-{number:03}",
                "barcode": f"20000000{number:05}",
                "type": "consu",
                "is_storable": True,
                "available_in_pos": True,
                "pos_categ_ids": [Command.link(categories[number % 4].id)],
                "list_price": 4.5 + 2.25 * number,
                "standard_price": 2.0 + 1.1 * number,
                "weight": 0.1 * number,
                "image_1920": picture(number) if number <= PICTURES else False,
            }
            for number in range(1, PRODUCTS + 1)
        ]
    )
    env["stock.quant"].with_context(inventory_mode=True).create(
        [
            {
                "product_id": product.id,
                "location_id": warehouse.lot_stock_id.id,
                "inventory_quantity": ON_HAND,
            }
            for product in products
        ]
    ).action_apply_inventory()
    return products


def make_pricelists(products):
    """Rules of every kind: percent, fixed, formula, by quantity, by date."""

    def percent(value, **more):
        return Command.create({"applied_on": "3_global", "compute_price": "percentage", "percent_price": value, **more})

    def fixed(product, price, **more):
        return Command.create(
            {
                "applied_on": "1_product",
                "product_tmpl_id": product.product_tmpl_id.id,
                "compute_price": "fixed",
                "fixed_price": price,
                **more,
            }
        )

    retail, members, season = env["product.pricelist"].create(
        [
            {
                "name": "Retail",
                "sequence": 1,
                "item_ids": [percent(5, min_quantity=10), fixed(products[0], 4.0, min_quantity=5)],
            },
            {
                "name": "Members",
                "sequence": 2,
                "item_ids": [
                    percent(10),
                    percent(15, min_quantity=10),
                    *(fixed(product, product.list_price - 1.5) for product in products[:10]),
                ],
            },
            {
                "name": "Season",
                "sequence": 3,
                "item_ids": [
                    percent(3),
                    percent(20, date_start=datetime(2026, 12, 1), date_end=datetime(2027, 1, 31, 23, 59, 59)),
                    percent(25, date_start=datetime(2030, 1, 1)),
                    Command.create(
                        {
                            "applied_on": "1_product",
                            "product_tmpl_id": products[20].product_tmpl_id.id,
                            "compute_price": "formula",
                            "base": "standard_price",
                            "price_markup": 40,
                            "price_round": 0.5,
                        }
                    ),
                ],
            },
        ]
    )
    return retail, members, season


def make_customers(retail, members, season):
    names = ("Ada Brook", "Bo Lindqvist", "Cleo Marsh", "Dario Conti", "Esi Mensah", "Farah Haddad")
    lists = (retail, members, season)
    return env["res.partner"].create(
        [
            {
                "name": name,
                "email": f"{name.split()[0].lower()}@example.com",
                "customer_rank": 1,
                "property_product_pricelist": lists[index % 3].id,
            }
            for index, name in enumerate(names)
        ]
    )


def make_orders(customers, products):
    """History: releases meet rows, not empty tables."""
    orders = env["sale.order"].create(
        [
            {
                "partner_id": customers[number % len(customers)].id,
                "client_order_ref": f"SEED-{number:03}",
                "order_line": [
                    Command.create({"product_id": products[(7 * number + step) % PRODUCTS].id, "product_uom_qty": step})
                    for step in (1, 2, 12)
                ],
            }
            for number in range(1, 13)
        ]
    )
    orders[:9].action_confirm()


def make_counter(retail, members):
    cash = env["account.journal"].create({"name": "Cash", "type": "cash", "code": "CSH1"})
    bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", company.id)], limit=1)
    methods = env["pos.payment.method"].create(
        [{"name": "Cash", "journal_id": cash.id}, {"name": "Card", "journal_id": bank.id}]
    )
    env["pos.config"].create(
        {
            "name": "Counter",
            "payment_method_ids": [Command.set(methods.ids)],
            "use_pricelist": True,
            "pricelist_id": retail.id,
            "available_pricelist_ids": [Command.set((retail | members).ids)],
        }
    )


def make_users():
    """Nobody can log in before a tenant's own passwords are set: `admin` loses the one that everybody knows."""
    groups = [
        "base.group_user",
        "sales_team.group_sale_salesman_all_leads",
        "stock.group_stock_user",
    ]
    journeys = [*groups, "sales_team.group_sale_manager", "stock.group_stock_manager", "point_of_sale.group_pos_manager"]
    for login, name, rights in (("shop", "Shop floor", groups), ("journey", "Journeys", journeys)):
        env["res.users"].with_context(no_reset_password=True).create(
            {
                "login": login,
                "name": name,
                "email": f"{login}@example.com",
                "notification_type": "inbox",
                "group_ids": [Command.set([env.ref(right).id for right in rights])],
            }
        )
    env.cr.execute("UPDATE res_users SET password = NULL")


env.ref("base.group_user").write({"implied_ids": [Command.link(env.ref("product.group_product_pricelist").id)]})
products = make_products()
pricelists = make_pricelists(products)
customers = make_customers(*pricelists)
make_orders(customers, products)
make_counter(*pricelists[:2])
make_users()
env.cr.commit()
print(f"seeded {len(products)} products, {len(pricelists)} pricelists, {len(customers)} customers")
