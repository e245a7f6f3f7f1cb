"""The facts of one module."""

from . import csv_data, files, migrations, python_code, secrets, xml_data
from .problems import Problems

SCHEMA = "tidegate.facts/2"

_TEMPLATES = "static/src/"


def facts(name, folder, data):
    """Never raises for what lies in the folder: what cannot be read is a problem among the facts.

    `data` are the files that the manifest lists, data and demo.
    """
    problems = Problems()
    paths = problems.attempt("", lambda: files.listed(folder)) or []
    code = python_code.Code(name, paths)
    loaded = _Loaded()
    wanted = set(data)
    scripts = migrations.Scripts()
    found = []
    for path in paths:
        problems.attempt(path, lambda p=path: _read(folder, p, wanted, code, loaded, scripts, found, problems))
    code.finish(problems)
    return {
        "schema": SCHEMA,
        "module": name,
        "problems": problems.found,
        "models": code.models,
        "imports": code.imports,
        "hooks": code.hooks,
        "migrations": scripts.found,
        "records": loaded.records + code.records,
        "references": loaded.references,
        "views": loaded.views,
        "uses": loaded.uses,
        "secrets": found,
    }


class _Loaded:
    """What the data files say; the readers add to it."""

    def __init__(self):
        self.records = []
        self.references = []
        self.views = []
        self.uses = []


def _read(folder, path, wanted, code, loaded, scripts, found, problems):
    is_python = path.endswith(".py")
    is_template = path.endswith(".xml") and path.startswith(_TEMPLATES)
    is_script = scripts.takes(path)
    if not (is_python or is_template or is_script or path in wanted or secrets.is_searched(path)):
        return
    content = files.read(folder, path)
    if secrets.is_searched(path):
        found.extend(secrets.search(path, content))
    if is_script:
        tree = python_code.parse(content, path) if is_python else None
        scripts.add(path, content, tree)
    elif is_python and path != "__manifest__.py":
        code.read(path, content)
    elif path in wanted and path.endswith(".xml"):
        xml_data.read(path, content, loaded, found, problems)
    elif path in wanted and path.endswith(".csv"):
        csv_data.read(path, content, loaded)
    elif is_template:
        xml_data.check(content)
