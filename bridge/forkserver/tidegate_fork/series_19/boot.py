"""Odoo 19 in the parent, before any fork, and in a child, before its job."""

import json
import logging
import threading
import time

import odoo.sql_db
from odoo.modules.module import Manifest, load_openerp_module
from odoo.netsvc import init_logger
from odoo.service.server import load_server_wide_modules
from odoo.tools import config

from tidegate_bridge.filestore import folder_of

_logger = logging.getLogger(__name__)

_BRIDGE = "tidegate_bridge"

#: What the command line of a migration would say. The schema log is the record of every change of a table.
_ARGUMENTS = ("--no-http", "--workers=0", "--max-cron-threads=0", "--log-handler=odoo.schema:DEBUG")


def boot(config_file, preload_file):
    """Imports Odoo, its server-wide modules and the listed ones, and reads all manifests.

    Ends the process if an import started a thread or opened a connection: neither survives a fork.
    """
    config.parse_config(["--config", str(config_file), *_ARGUMENTS], setup_logging=False)
    # The bridge belongs to serving; a migration must run as Odoo's command line would.
    config["server_wide_modules"] = [name for name in config["server_wide_modules"] if name != _BRIDGE]
    original = type(config).filestore
    type(config).filestore = lambda self, dbname: original(self, folder_of(dbname))

    started = time.monotonic()
    load_server_wide_modules()
    modules = json.loads(preload_file.read_text(encoding="utf-8")) if preload_file else []
    for module in modules:
        _preload(module)
    for manifest in Manifest.all_addon_manifests():
        manifest.get("version")
    _logger.info("Odoo with %d modules imported in %.2f s", len(modules), time.monotonic() - started)

    if threading.active_count() > 1 or odoo.sql_db._Pool is not None:
        raise SystemExit("tidegate_forkserver: a module started a thread or opened a connection when imported")


def _preload(module):
    try:
        load_openerp_module(module)
    except Exception:
        # The child that loads the module will say so again, in the log of the tenant it concerns.
        _logger.exception("Module %s could not be preloaded", module)


def prepare(job):
    """Logging into the job's own log (standard error here), and the job's name on its connections."""
    config["logfile"] = ""
    config["syslog"] = False
    config["db_app_name"] = job.application_name
    logging.getLogger().handlers.clear()
    init_logger()
    threading.current_thread().dbname = job.database
