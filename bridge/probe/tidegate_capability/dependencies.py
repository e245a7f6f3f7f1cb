"""The packages and programs that manifests ask for: does Odoo take them for there, and can they be imported?"""

import importlib
import importlib.metadata
import re
import shutil

from . import addons
from .children import Child

_PATIENCE = 120
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def facts():
    wanted = {"python": {}, "bin": {}}
    for name, dependencies in _declared():
        for kind in wanted:
            for dependency in dependencies.get(kind) or ():
                wanted[kind].setdefault(str(dependency), []).append(name)
    return [
        *_python(wanted["python"]),
        *(
            {"kind": "bin", "name": name, "modules": modules, "problem": None if shutil.which(name) else "not in PATH"}
            for name, modules in sorted(wanted["bin"].items())
        ),
    ]


def _declared():
    from odoo.modules import module

    for name in module.get_modules():
        try:
            read = addons.manifest(name)
            if read and read.get("installable", True):
                yield name, read.get("external_dependencies") or {}
        except Exception:
            continue  # told with the module itself


def _python(wanted):
    left = sorted(wanted)
    while left:
        child = Child(_importer(left))
        answered = child.lines(_PATIENCE)
        for name, problem in zip(left, answered):
            yield {"kind": "python", "name": name, "modules": wanted[name], "problem": problem["problem"]}
        left = left[len(answered) :]
        if left:
            # Its import took the whole process with it, or never came back.
            name = left.pop(0)
            problem = f"importing it ended the process ({child.exit_code})"
            yield {"kind": "python", "name": name, "modules": wanted[name], "problem": problem}


def _importer(names):
    def answer(send):
        packages = _packages()
        for name in names:
            send({"problem": _problem(name, packages)})

    return answer


def _problem(wanted, packages):
    try:
        _odoos_own_check(wanted)
        name = _NAME.match(wanted.strip())
        distribution = name.group().lower().replace("_", "-") if name else wanted
        for package in packages.get(distribution, [wanted.split(";")[0].strip()]):
            if package.isidentifier():
                importlib.import_module(package)
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return None


def _odoos_own_check(wanted):
    from odoo.modules import module

    if hasattr(module, "check_python_external_dependency"):
        module.check_python_external_dependency(wanted)
    else:
        module.check_manifest_dependencies({"external_dependencies": {"python": [wanted]}})


def _packages():
    """What to import for a distribution: `python-ldap` is `ldap`."""
    if not hasattr(importlib.metadata, "packages_distributions"):
        return {}
    found = {}
    for package, distributions in importlib.metadata.packages_distributions().items():
        for distribution in distributions:
            if not package.startswith("_"):
                found.setdefault(distribution.lower().replace("_", "-"), []).append(package)
    return found
