"""What this interpreter has, asked without importing anything."""

import importlib.metadata
import importlib.util
import platform
import re

_NAME = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(.*)$", re.DOTALL)


def missing(imports, distributions):
    """Both lists without what is there; a distribution that is there in a wrong version is missing."""
    return {
        "imports": [name for name in imports if not _can_import(name)],
        "distributions": [wanted for wanted in distributions if not _has(wanted)],
    }


def versions(distributions):
    """This interpreter's own version, and which one it has of each distribution; None for what is not there."""
    return {"version": platform.python_version(), "distributions": {wanted: _version(wanted) for wanted in distributions}}


def _version(wanted):
    match = _NAME.match(wanted)
    if not match:
        return None
    try:
        return importlib.metadata.version(match[1])
    except importlib.metadata.PackageNotFoundError:
        # Manifests name modules too.
        for name in importlib.metadata.packages_distributions().get(match[1], ()):
            return importlib.metadata.version(name)
        return None


def _can_import(name):
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def _has(wanted):
    match = _NAME.match(wanted)
    if not match:
        return False
    name, rest = match.groups()
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        # Manifests name modules too; Odoo takes them with a warning.
        return not rest and _can_import(name)
    return not rest or _fits(wanted, version)


def _fits(wanted, version):
    try:
        from packaging.requirements import InvalidRequirement, Requirement
    except ImportError:
        return True
    try:
        requirement = Requirement(wanted)
    except InvalidRequirement:
        return False
    if requirement.marker and not requirement.marker.evaluate():
        return True
    return requirement.specifier.contains(version, prereleases=True)
