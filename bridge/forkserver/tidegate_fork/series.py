"""Picks what differs between Odoo series."""

import importlib


def load_series():
    """The package of this Odoo's series: `boot`, `prepare`, `migrate`, `load` and `JOURNEYS`."""
    from odoo.release import version_info

    name = f"{__package__}.series_{version_info[0]}"
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise SystemExit(f"tidegate_forkserver: Odoo series {version_info[0]} is not supported") from error
