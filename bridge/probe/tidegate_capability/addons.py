"""The modules that Odoo finds on its addons path, as it reads them itself."""

import os
import time
from pathlib import Path

#: Beyond it a file is younger than the clock says: a page would be made anew at every look.
_SLACK = 60


def facts():
    from odoo.modules import module

    return [_facts(module, name) for name in sorted(module.get_modules())]


def manifest(name):
    """A module's manifest as this series reads it; None when it cannot."""
    from odoo.modules import module

    if hasattr(module, "Manifest"):
        return module.Manifest.for_addon(name, display_warning=False)
    read = getattr(module, "get_manifest", None) or module.load_information_from_description_file
    return read(name)


def _facts(module, name):
    found = {"name": name, "path": module.get_module_path(name, display_warning=False) or None}
    try:
        read = manifest(name)
        triggers = read.get("auto_install")
        return {
            **found,
            "version": str(read["version"]),
            "installable": bool(read.get("installable", True)),
            "autoInstall": bool(triggers) or triggers in (set(), []),
            "problem": None,
        }
    except Exception as error:  # a manifest that Odoo stops at belongs to this module alone
        return {**found, "version": None, "installable": False, "autoInstall": False, "problem": str(error)}


def _outermost(folders):
    """Addons may lie below the package `odoo`: no file is looked at twice."""
    return [folder for folder in folders if not any(other in folder.parents for other in folders)]


def modification_times():
    """How far apart the files' times are, and how many are in the future: versions of assets depend on them."""
    import odoo
    import odoo.addons

    oldest, newest, files, future = None, None, 0, 0
    now = time.time() + _SLACK
    for folder in _outermost({Path(odoo.__path__[0]), *map(Path, odoo.addons.__path__)}):
        for place, folders, names in os.walk(folder):
            folders[:] = [name for name in folders if name != "__pycache__"]
            for name in names:
                modified = os.lstat(os.path.join(place, name)).st_mtime
                oldest = modified if oldest is None else min(oldest, modified)
                newest = modified if newest is None else max(newest, modified)
                files += 1
                future += modified > now
    return {"files": files, "oldest": int(oldest or 0), "newest": int(newest or 0), "inFuture": future}
