"""Has Odoo give out numbers of every kind, and prints them as JSON: give_numbers.py CONFIG DATABASE prepare|live|restored FILE."""

import json
import sys

import odoo
from odoo import Command, api
from odoo.modules.registry import Registry
from odoo.tools import config

configuration, database, action, target = sys.argv[1:]
config.parse_config(["-c", configuration, "-d", database, "--no-http"])

KINDS = [
    ("standard", "standard", False),
    ("no_gap", "no_gap", False),
    ("standard by year", "standard", True),
    ("no_gap by year", "no_gap", True),
    ("standard, no_gap since", "standard", False),
    ("set higher since", "standard", False),
    ("backwards", "standard", False),
]
YEARS = ("2026-06-01", "2027-06-01")


def sequence(env, name):
    return env["ir.sequence"].search([("name", "=", f"numbers: {name}")])


def prepare(env):
    for name, implementation, ranges in KINDS:
        made = env["ir.sequence"].create({
            "name": f"numbers: {name}",
            "implementation": implementation,
            "use_date_range": ranges,
            "prefix": f"{name} %(range_year)s " if ranges else f"{name} ",
            "number_increment": -1 if name == "backwards" else 1,
            "number_next": -1 if name == "backwards" else 1,
        })
        made.next_by_id(sequence_date=YEARS[0])
    bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)
    account = env["account.account"].create({
        "code": "109999", "name": "Outstanding", "account_type": "asset_current", "reconcile": True,
    })
    (bank.inbound_payment_method_line_ids | bank.outbound_payment_method_line_ids).payment_account_id = account


def invoice(env, kind, date):
    made = env["account.move"].create({
        "move_type": kind,
        "partner_id": env.company.partner_id.id,
        "invoice_date": date,
        "date": date,
        "invoice_line_ids": [Command.create({"name": "what was sold", "quantity": 1, "price_unit": 10, "tax_ids": []})],
    })
    made.action_post()
    return made.name


def entry(env, date):
    accounts = env["account.account"].search([("account_type", "=", "asset_current")], limit=1)
    journal = env["account.journal"].search([("type", "=", "general"), ("code", "=", "MISC")], limit=1)
    made = env["account.move"].create({
        "move_type": "entry",
        "journal_id": journal.id,
        "date": date,
        "line_ids": [Command.create({"name": "x", "account_id": accounts.id, "debit": d, "credit": c}) for d, c in ((1, 0), (0, 1))],
    })
    made.action_post()
    return made.name


def payment(env, date):
    bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)
    made = env["account.payment"].create({
        "payment_type": "inbound", "partner_type": "customer", "partner_id": env.company.partner_id.id,
        "amount": 10, "date": date, "journal_id": bank.id,
    })
    made.action_post()
    assert made.move_id, "payments have no entries here: nothing is shown"
    return made.move_id.name


def transaction(env):
    provider = env["payment.provider"].search([], limit=1)
    method = env["payment.method"].with_context(active_test=False).search([], limit=1)
    return env["payment.transaction"].create({
        "provider_id": provider.id,
        "payment_method_id": method.id,
        "amount": 10,
        "currency_id": env.company.currency_id.id,
        "partner_id": env.company.partner_id.id,
        "reference": env["payment.transaction"]._compute_reference(provider.code, prefix="S00001"),
    }).reference


def till(env):
    pos = env["pos.config"].search([], limit=1)
    session = env["pos.session"].create({"config_id": pos.id, "user_id": env.ref("base.user_admin").id})
    session.set_opening_control(0, "")
    numbers = {
        "till: orders": [pos.order_seq_id._next() for _ in range(2)],
        "till: orders from the back": [pos._get_next_order_refs()[0] for _ in range(2)],
        "till: lines": [pos.order_line_seq_id._next() for _ in range(2)],
        "till: devices": [pos.register_new_device_identifier()["device_identifier"] for _ in range(2)],
        "till: sessions": [session.name],
    }
    session.state = "closed"
    return numbers


def give(env, since):
    """Three of each kind; `since` is what else a shop may do after its checkpoint."""
    if since:
        sequence(env, "standard, no_gap since").implementation = "no_gap"
        sequence(env, "set higher since").number_next_actual = 500
        env["ir.sequence"].create({"name": "numbers: made since", "implementation": "no_gap"}).next_by_id()
    numbers = {
        f"{name} {year}": [sequence(env, name).next_by_id(sequence_date=year) for _ in range(3)]
        for name, _, ranges in KINDS
        for year in (YEARS if ranges else YEARS[:1])
    }
    for year in ("2026-11-20", "2027-01-20"):
        numbers |= {
            f"invoices {year}": [invoice(env, "out_invoice", year) for _ in range(3)],
            f"refunds {year}": [invoice(env, "out_refund", year) for _ in range(2)],
            f"bills {year}": [invoice(env, "in_invoice", year) for _ in range(2)],
            f"entries {year}": [entry(env, year) for _ in range(2)],
            f"payments {year}": [payment(env, year) for _ in range(2)],
        }
    numbers["payment references"] = [transaction(env) for _ in range(2)]
    return numbers | till(env)


with Registry(database).cursor() as cr:
    env = api.Environment(cr, odoo.SUPERUSER_ID, {})
    env = env(context={**env.context, "allowed_company_ids": env["res.company"].search([], limit=1).ids})
    if action == "prepare":
        prepare(env)
    given = give(env, since=action == "live")
    cr.commit()

with open(target, "w") as file:
    json.dump(given, file)
