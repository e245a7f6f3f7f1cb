"""Plants what a copy must not do, and a person who must not be found in a masked one."""

import base64
import os
from datetime import timedelta

from odoo import Command, fields

CANARY = "CanaryQ7"


def plant(env):
    smtp = int(os.environ.get("TIDEGATE_SINK_SMTP", "1025"))
    http = f"http://127.0.0.1:{os.environ.get('TIDEGATE_SINK_HTTP', '1080')}"
    plant_servers(env, smtp)
    plant_calls(env, http)
    plant_queues(env)
    plant_keys(env)
    plant_canary(env)


def plant_servers(env, smtp):
    env["ir.mail_server"].create(
        {"name": "Real", "smtp_host": "127.0.0.1", "smtp_port": smtp, "smtp_encryption": "none", "smtp_user": False}
    )
    env["fetchmail.server"].create(
        {
            "name": "Orders",
            "server_type": "imap",
            "server": "127.0.0.1",
            "port": smtp,
            "user": "orders",
            "password": "imap-secret",
            "state": "done",
        }
    )
    env["payment.provider"].search([], limit=1).write({"code": "none"})
    env.cr.execute(
        "UPDATE payment_provider SET state = 'enabled' WHERE id = (SELECT min(id) FROM payment_provider)"
    )
    env["auth.oauth.provider"].search([]).write({"enabled": True})


def plant_calls(env, http):
    env["carrier.ftp"].create(
        {
            "name": "Parcels",
            "host": f"{http}/carrier",
            "login": "shop",
            "ftp_password": "ftp-secret",
        }
    )
    due = fields.Datetime.now() - timedelta(minutes=1)
    env["ir.cron"].create(
        {
            "name": "Push parcels",
            "model_id": env["ir.model"]._get_id("carrier.ftp"),
            "state": "code",
            "code": "model.push()",
            "interval_number": 1,
            "interval_type": "minutes",
            "nextcall": due,
        }
    )
    hook = env["ir.actions.server"].create(
        {
            "name": "Tell the warehouse",
            "model_id": env["ir.model"]._get_id("res.partner"),
            "state": "webhook",
            "webhook_url": f"{http}/webhook",
        }
    )
    env["base.automation"].create(
        {
            "name": "Every new customer is told",
            "model_id": env["ir.model"]._get_id("res.partner"),
            "trigger": "on_create_or_write",
            "action_server_ids": [Command.link(hook.id)],
        }
    )
    env["base.automation"].create(
        {
            "name": "The carrier calls us",
            "model_id": env["ir.model"]._get_id("res.partner"),
            "trigger": "on_webhook",
        }
    )


def plant_queues(env):
    env["mail.mail"].create(
        {
            "subject": "Your order",
            "body_html": "<p>It has left.</p>",
            "email_to": "customer@example.com",
            "email_from": "shop@example.com",
        }
    )
    env["sms.sms"].create({"number": "+4712345678", "body": "It has left.", "state": "outgoing"})
    env.cr.execute(
        """
        INSERT INTO mail_push_device (partner_id, endpoint, keys)
        SELECT id, 'https://push.example/1', '{}' FROM res_partner LIMIT 1;
        CREATE TABLE queue_job (
            id serial PRIMARY KEY, uuid varchar NOT NULL, state varchar NOT NULL, channel varchar,
            method_name varchar, records text, args text, date_created timestamp);
        INSERT INTO queue_job (uuid, state) VALUES ('1', 'pending'), ('2', 'enqueued'), ('3', 'started'),
            ('4', 'wait_dependencies'), ('5', 'done')
        """
    )


def plant_keys(env):
    env.cr.execute(
        """
        INSERT INTO res_users_apikeys (name, user_id, scope, key, index, expiration_date)
        VALUES ('robot', 2, 'rpc', 'hash', '12345678', now() + interval '30 days')
        """
    )
    env["ir.config_parameter"].set_param("carrier_ftp.api_key", "a-live-key")
    env["ir.config_parameter"].set_param("parcels.endpoint", "https://carrier.example/api")
    env["iap.account"].create(
        {"name": "sms", "service_id": env["iap.service"].search([], limit=1).id, "account_token": "iap-live-token"}
    )


def plant_canary(env):
    """A person whose words are in every kind of place: each word is unique and begins with the same letters."""
    partner = env["res.partner"].create(
        {
            "name": f"{CANARY} Name",
            "email": f"{CANARY}@mail.example",
            "phone": f"+47 {CANARY} 55",
            "street": f"{CANARY} Street 1",
            "city": f"{CANARY}ville",
            "zip": "Q7Q7Q7",
            "vat": f"NO{CANARY}MVA",
            "comment": f"<p>{CANARY} comment</p>",
            "ref": f"{CANARY}-ref",
            "carrier_remark": f"{CANARY} custom",
            "company_registry": f"{CANARY}-registry",
            "bank_ids": [Command.create({"acc_number": f"{CANARY} 1234 5678"})],
        }
    )
    env["res.users"].create(
        {
            "name": f"{CANARY} User",
            "login": f"{CANARY}@login.example",
            "password": f"{CANARY}-password",
            "signature": f"<p>{CANARY} signature</p>",
        }
    )
    order = env["sale.order"].create(
        {
            "partner_id": partner.id,
            "client_order_ref": f"{CANARY} order ref",
            "note": f"<p>{CANARY} order note</p>",
            "order_line": [
                Command.create({"product_id": env["product.product"].search([], limit=1).id}),
                Command.create({"display_type": "line_note", "name": f"{CANARY} line note"}),
            ],
        }
    )
    order.message_post(
        body=f"{CANARY} body",
        subject=f"{CANARY} subject",
        message_type="comment",
        attachments=[(f"{CANARY}.txt", f"{CANARY} in a file".encode() * 50)],
    )
    order.write({"client_order_ref": f"{CANARY} changed"})
    env["ir.attachment"].create(
        {
            "name": f"{CANARY} letter.pdf",
            "description": f"{CANARY} description",
            "raw": f"%PDF {CANARY} letter".encode() * 100,
            "mimetype": "application/pdf",
            "res_model": "res.partner",
            "res_id": partner.id,
        }
    )
    partner.image_1920 = base64.b64encode(picture())
    env["mail.mail"].create(
        {
            "subject": f"{CANARY} mail",
            "body_html": f"<p>{CANARY} mail body</p>",
            "email_to": f"{CANARY}@to.example",
            "email_cc": f"{CANARY}@cc.example",
        }
    )
    carrier = env["carrier.ftp"].create(
        {
            "name": f"{CANARY} carrier",
            "label": f"{CANARY} label",
            "remark": f"{CANARY} remark",
            "partner_id": partner.id,
        }
    )
    lang = env["res.lang"]._activate_lang("nb_NO")
    carrier.with_context(lang=lang.code).label = f"{CANARY} merkelapp"
    env.cr.execute(
        "INSERT INTO ir_logging (name, type, level, path, func, line, message, dbname) VALUES "
        "('test', 'server', 'INFO', '/', 'f', '1', %s, 'x')",
        [f"{CANARY} logged"],
    )
    env["bus.bus"]._sendone(partner, "simple_notification", {"message": f"{CANARY} bus"})


def picture():
    from io import BytesIO

    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", f"{CANARY} picture")
    stream = BytesIO()
    Image.new("RGB", (64, 64), (200, 10, 10)).save(stream, "PNG", pnginfo=info)
    return stream.getvalue()
