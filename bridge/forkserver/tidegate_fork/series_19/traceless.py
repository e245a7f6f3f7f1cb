"""Work on a live database that leaves no trace: nothing is stored, nothing is sent."""

import contextlib
import logging
import socket
import threading

import odoo.sql_db
from odoo import SUPERUSER_ID, api
from odoo.modules.db import is_initialized
from odoo.modules.registry import Registry
from odoo.sql_db import Cursor

_logger = logging.getLogger(__name__)


class LeavesTrace(Exception):
    """Something tried to store or to send."""


@contextlib.contextmanager
def traceless(database, login=None):
    """An environment whose transaction is rolled back at the end, for the user `login` or the superuser.

    For a process that ends afterwards: it never commits again. Sequences move, as PostgreSQL does not roll them
    back; a gap in the order numbers is the only thing that stays. The registry is the one that `load` has loaded.
    """
    registry = Registry(database)
    _forbid_sending()
    with contextlib.closing(registry.cursor()) as cursor:
        _forbid_storing(cursor)
        try:
            env = api.Environment(cursor, SUPERUSER_ID, {})
            yield env(user=_user(env, login)) if login else env
        finally:
            cursor.rollback()


def load(database):
    """Loads the database's registry, for those who are forked after it: no connection stays open."""
    _require_settled(database)
    Registry(database)
    odoo.sql_db.close_all()


def _require_settled(database):
    """Odoo would go on with an update that is marked in the database as soon as its registry is loaded."""
    with contextlib.closing(odoo.sql_db.db_connect(database).cursor()) as cursor:
        if not is_initialized(cursor):
            raise LeavesTrace(f'database "{database}" is not a database of Odoo')
        cursor.execute("SELECT count(*) FROM ir_module_module WHERE state LIKE 'to %%'")
        (unsettled,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM ir_config_parameter WHERE key = 'base.partially_updated_database'")
        (partial,) = cursor.fetchone()
        if unsettled or partial:
            raise LeavesTrace(f'database "{database}" is in the middle of an update')


def _forbid_storing(journey):
    """The journey's own transaction must not be stored; what others open on the side is undone in silence."""

    def commit(self):
        if self is journey:
            raise LeavesTrace("the flow commits its transaction")
        _logger.warning("A transaction opened on the side was undone", stack_info=True)
        self.rollback()

    Cursor.commit = commit


def _forbid_sending():
    """No mail, no payment, no web hook: this process reaches nothing but unix sockets."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family != socket.AF_UNIX:
            raise LeavesTrace(f"the flow calls out to {address}")
        return connect(self, address)

    socket.socket.connect = guarded
    socket.socket.connect_ex = guarded
    _forbid_mail()


def _forbid_mail():
    """As in Odoo's own tests: a mail counts as sent and goes nowhere."""
    from odoo.addons.base.models.ir_mail_server import IrMail_Server

    IrMail_Server._disable_send = classmethod(lambda cls: True)


def _user(env, login):
    user = env["res.users"].search([("login", "=", login)])
    if not user:
        raise LookupError(f'there is no user "{login}"')
    threading.current_thread().uid = user.id
    return user
