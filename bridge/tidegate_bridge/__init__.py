"""Tells an Odoo process which databases it serves, live, and which one a request means.

Importing this package changes nothing: Odoo calls `install` after loading it as a server-wide module
(`--load=base,rpc,web,tidegate_bridge`). What differs between Odoo series is in one file a series.
"""

import importlib
import logging
import os

from .filestore import folder_of
from .served import ServedDatabases

__all__ = ["ServedDatabases", "folder_of", "install"]

_logger = logging.getLogger(__name__)

FILE_VARIABLE = "TIDEGATE_BRIDGE_FILE"


def install():
    """Puts the bridge between Odoo and its databases.

    Odoo logs whatever a server-wide module raises and serves on without it, which here would mean without a wall.
    So every failure ends the process instead: SystemExit is the one thing Odoo lets through.
    """
    try:
        _series().install(ServedDatabases(_file()))
    except Exception as error:
        _logger.critical("The Tidegate bridge could not be installed; this process ends.", exc_info=True)
        raise SystemExit(f"tidegate_bridge: {error}") from error


def _file():
    path = os.environ.get(FILE_VARIABLE)
    if not path:
        raise RuntimeError(f"{FILE_VARIABLE} is not set: it names the file that lists the databases to serve")
    return path


def _series():
    from odoo.release import version_info

    name = f"series_{version_info[0]}"
    try:
        return importlib.import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"{__name__}.{name}":
            raise
        raise RuntimeError(f"Odoo series {version_info[0]} is not supported: there is no {name}.py") from error
