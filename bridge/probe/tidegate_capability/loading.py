"""Loads the registry of the filled database, twice, and asks what it holds."""

import re

from .watching import Statements

_MARKER = "base.partially_updated_database"

#: Names of fields that hold credentials. What a copy keeps of them, it can use.
_CREDENTIAL = re.compile(
    r"(^|_)(password|passwd|passphrase|secret|api_?key|private_key|client_secret|auth_token|refresh_token|secret_key"
    r"|access_key|credentials?|license_key)(_|$)"
)


def facts(database):
    from odoo.modules.registry import Registry

    statements = Statements().watch()
    Registry.new(database)
    first = len(statements.noted)
    finishes = _finishes_what_was_left(Registry, database)
    return {
        "lockTimeout": next((note["effect"] for note in statements.about("lock_timeout")), None),
        "registryLock": any("pg_" in note["statement"].lower() for note in statements.about("advisory")),
        "finishesPartialUpdates": finishes,
        "statements": statements.noted[:first],
        "installed": _installed(database),
    }


def _finishes_what_was_left(registry_class, database):
    """Whether loading takes a mark of an update that did not end for a reason to go on with it."""
    from odoo.sql_db import db_connect

    with db_connect(database).cursor() as cursor:
        cursor.execute("INSERT INTO ir_config_parameter (key, value) VALUES (%s, '1')", (_MARKER,))
    registry_class.new(database)
    with db_connect(database).cursor() as cursor:
        cursor.execute("DELETE FROM ir_config_parameter WHERE key = %s RETURNING 1", (_MARKER,))
        return not cursor.fetchall()


def _installed(database):
    from odoo.sql_db import db_connect

    with db_connect(database).cursor() as cursor:
        cursor.execute("SELECT name FROM ir_module_module WHERE state = 'installed' ORDER BY name")
        return [name for (name,) in cursor.fetchall()]


def neutralisation(database):
    """Which modules say how a copy forgets credentials, and which of those that install themselves should and do not."""
    from odoo.modules.module import get_modules
    from odoo.modules.registry import Registry

    scripts = _with_script(sorted(get_modules()))
    kept = {}
    for name, model in Registry(database).models.items():
        if model._abstract or model._transient:
            continue
        for field in model._fields.values():
            if field.store and field.type in ("char", "text", "binary") and _CREDENTIAL.search(field.name):
                module = getattr(field, "_module", None) or model._original_module
                kept.setdefault(module, []).append(f"{name}.{field.name}")
    return {
        "scripts": scripts,
        "uncovered": [
            {"module": module, "fields": sorted(fields)}
            for module, fields in sorted(kept.items())
            if module not in scripts
        ],
    }


def _with_script(modules):
    try:
        from odoo.modules.neutralize import get_neutralization_queries
    except ImportError:
        return []  # a series that knows no neutralisation
    return [name for name in modules if any(True for _ in get_neutralization_queries([name]))]
