"""Where the bridge is fastened to Odoo 19. Each replaced name is one that Odoo looks up at every call."""

import odoo.http
import odoo.service.common
import odoo.service.db
import odoo.service.model
import odoo.service.server
from odoo.exceptions import AccessDenied
from odoo.modules.module import load_openerp_module
from odoo.tools import config

from . import rpc
from .cron import guard_acquire, guard_poll
from .filestore import folder_of
from .gate import Gate, current_database
from .preload import preload
from .sessions import guard_session


def install(served):
    """Fastens the bridge; `served` says which databases there are."""
    _install_lists(served)
    _install_web(served)
    _install_rpc()
    _install_filestore()
    if not config["http_enable"]:
        _install_cron(served)
    preload(load_openerp_module)


def _install_lists(served):
    def list_dbs(force=False):
        if not config["list_db"] and not force:
            raise AccessDenied()
        if not config["http_enable"]:
            return list(served.cron)
        return [database for database in (current_database(),) if database]

    odoo.service.db.list_dbs = list_dbs
    # The cron processes list by a name of their own, bound when the server was imported.
    odoo.service.server.list_dbs = list_dbs


def _install_web(served):
    odoo.http.db_filter = lambda dbs, host=None: [database for database in dbs if database == current_database()]

    application = odoo.http.Application.__call__
    gate = Gate(lambda environ, start_response: application(odoo.http.root, environ, start_response), served)
    odoo.http.Application.__call__ = lambda self, environ, start_response: gate(environ, start_response)

    request = odoo.http.Request
    request._get_session_and_dbname = guard_session(
        request._get_session_and_dbname, lambda: odoo.http.root.session_store, current_database
    )


def _install_rpc():
    services = odoo.service
    services.model.dispatch = rpc.guard_object(services.model.dispatch, current_database, AccessDenied)
    services.common.dispatch = rpc.guard_common(services.common.dispatch, current_database, AccessDenied)
    services.db.dispatch = rpc.close_db(services.db.dispatch, AccessDenied)


def _install_filestore():
    original = type(config).filestore
    type(config).filestore = lambda self, dbname: original(self, folder_of(dbname))


def _install_cron(served):
    from odoo.addons.base.models.ir_cron import IrCron

    IrCron._process_jobs = staticmethod(guard_poll(IrCron._process_jobs, served))
    IrCron._acquire_one_job = staticmethod(guard_acquire(IrCron._acquire_one_job, served))
