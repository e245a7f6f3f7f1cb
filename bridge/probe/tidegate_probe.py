#!/usr/bin/python3
"""Says what this release of Odoo does, by running it.

    /usr/bin/python3 tidegate_probe.py --config odoo.conf --database scratch --init-log init.log --answer FILE

with PYTHONPATH set to the release's own tree. The database is there and empty; it is thrown away afterwards, as is
everything else that this touches. The answer is one JSON object, written whole at the end. What cannot be found out
is named in it with the reason, under "undetermined"; the rest is answered all the same.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent))

from tidegate_capability import addons, commands, dependencies, identity, installation, loading, options, sessions

_PARTS = (
    "identity",
    "options",
    "commands",
    "addons",
    "dependencies",
    "files",
    "sessions",
    "installation",
    "loading",
    "neutralisation",
)


def main():
    asked = _arguments()
    from odoo.tools import config

    config.parse_config(["--config", str(asked.config)])
    answers = Answers()
    # The longest part goes first, in a child, and its processor is another.
    installing = installation.begin(asked.config, asked.database, asked.init_log)
    answers.ask("identity", identity.facts)
    answers.ask("options", options.facts)
    answers.ask("commands", commands.facts)
    answers.ask("addons", addons.facts)
    answers.ask("dependencies", dependencies.facts)
    answers.ask("files", addons.modification_times)
    answers.ask("sessions", sessions.facts)
    answers.ask("installation", installing.facts)
    answers.ask("loading", lambda: loading.facts(asked.database))
    answers.ask("neutralisation", lambda: loading.neutralisation(asked.database))
    answers.write(asked.answer)


class Answers:
    """What was found out, and what was not."""

    def __init__(self):
        self._facts = dict.fromkeys(_PARTS)
        self._undetermined = {}
        self._seconds = {}

    def ask(self, part, question):
        started = time.monotonic()
        try:
            self._facts[part] = question()
        except (Exception, SystemExit) as error:  # whatever a release comes up with belongs to this part alone
            self._undetermined[part] = f"{type(error).__name__}: {error}"
        self._seconds[part] = round(time.monotonic() - started, 3)

    def write(self, path):
        draft = path.with_name(path.name + ".draft")
        draft.write_text(
            json.dumps({**self._facts, "undetermined": self._undetermined, "seconds": self._seconds}),
            encoding="utf-8",
        )
        os.replace(draft, path)


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config", type=Path, required=True, help="Odoo's configuration file")
    parser.add_argument("--database", required=True, help="an empty database")
    parser.add_argument("--init-log", type=Path, required=True, help="takes what Odoo prints when it fills the database")
    parser.add_argument("--answer", type=Path, required=True, help="takes the answer")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
