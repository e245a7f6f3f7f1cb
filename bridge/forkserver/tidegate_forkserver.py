#!/usr/bin/env python3
"""Imports Odoo and a release's modules once, then forks one child per migration or journey.

    /usr/bin/python3 tidegate_forkserver.py --socket PATH --config odoo.conf --preload modules.json

with PYTHONPATH set to the release's own tree. README.md beside this file says what goes over the socket.
"""

import argparse
import gc
import logging
import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1]))

from tidegate_fork.children import Children
from tidegate_fork.server import Server
from tidegate_fork.series import load_series


def main():
    options = _options()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s")
    series = load_series()
    series.boot(options.config, options.preload)
    gc.collect()
    # What is alive now is never collected again, so collections in the children do not copy its pages.
    gc.freeze()
    Server(options.socket, Children(series)).serve()


def _options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--socket", type=Path, required=True, help="unix socket to listen on")
    parser.add_argument("--config", type=Path, required=True, help="Odoo's configuration file")
    parser.add_argument("--preload", type=Path, help="JSON list of modules to import, in dependency order")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
