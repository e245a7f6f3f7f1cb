"""Imports the Python of modules before the workers are forked, so that they need not do it in their first request."""

import json
import logging
import os
import time

_logger = logging.getLogger(__name__)

VARIABLE = "TIDEGATE_PRELOAD"


def preload(load_module):
    """Calls `load_module` for each name in the JSON list that TIDEGATE_PRELOAD names, in its order.

    It saves time and nothing else, so whatever goes wrong is logged and left to the first request. The list may
    hold only modules that all tenants of the process have installed: a module's patches act when it is imported.
    """
    path = os.environ.get(VARIABLE)
    if not path:
        return
    started = time.monotonic()
    try:
        with open(path, encoding="utf-8") as file:
            modules = json.load(file)
        for module in modules:
            load_module(module)
    except Exception:
        _logger.exception("The modules in %s were not all preloaded", path)
    else:
        _logger.info("Python of %d modules preloaded in %.2f s", len(modules), time.monotonic() - started)
