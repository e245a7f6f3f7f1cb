#!/usr/bin/python3
"""Says what is in Odoo modules, without importing or running any of their code.

Reads one JSON object a line from standard input and answers each with one JSON object a line:

    {"module": "promo", "folder": "/…/promo", "data": ["views/promo.xml"]}    the facts of a module
    {"imports": ["requests"], "distributions": ["google-auth>=1.35"]}         what this interpreter does not have
    {"versions": ["google-auth>=1.35"]}                                       what it has of them

Runs in the interpreter of the release, because only that one can say what compiles in it. Standard library only.
"""

import gc
import json
import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from tidegate_facts import environment, module  # noqa: E402

#: Facts of a module; Odoo's own largest have 2 MB.
_LONGEST_ANSWER = 64 << 20

#: A module that needs more is answered with a finding. The largest of Odoo's own needs a tenth of it.
_MOST_MEMORY = 2 << 30


def answer(request):
    if "folder" in request:
        return module.facts(request["module"], request["folder"], request["data"])
    if "versions" in request:
        return environment.versions(request["versions"])
    return environment.missing(request["imports"], request["distributions"])


def main():
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    # Syntax trees hold no cycles; looking for some took half of the time.
    gc.disable()
    for line in sys.stdin.buffer:
        text = json.dumps(answer(json.loads(line)), separators=(",", ":"))
        if len(text) > _LONGEST_ANSWER:
            sys.exit(f"it says more than can be judged: {len(text) >> 20} MB of facts")
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
