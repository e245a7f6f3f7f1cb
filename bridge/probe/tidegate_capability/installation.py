"""Fills the empty database as the command line does, and watches how it goes."""

import sys
import time

from .children import Child
from .watching import Statements

_PATIENCE = 600

#: As a migration is run: no web server, no cron, no limit of memory.
_ARGUMENTS = ("--stop-after-init", "--no-http", "--workers=0", "--max-cron-threads=0", "--limit-memory-hard=0")


def begin(config_file, database, log):
    return Installation(config_file, database, log)


class Installation:
    """`odoo -d … -i base`, in a child that runs beside whatever else is asked."""

    def __init__(self, config_file, database, log):
        self._log = log
        self._began = time.monotonic()

        def install(send):
            import odoo.cli

            statements = Statements().watch()
            sys.argv = ["odoo", "--config", str(config_file), "--database", database, "--init", "base", *_ARGUMENTS]
            try:
                odoo.cli.main()
            finally:
                send(statements.noted)

        self._child = Child(install, output=str(log))

    def facts(self):
        noted = self._child.lines(_PATIENCE)
        return {
            "exitCode": self._child.exit_code,
            "seconds": round(time.monotonic() - self._began, 3),
            "statements": noted[0] if noted else [],
            "lastLines": self._log.read_text(encoding="utf-8", errors="replace")[-2000:],
        }
