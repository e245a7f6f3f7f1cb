"""What a module's Python says about models and imports."""

import ast
import warnings

from . import files, models
from .files import Unreadable


def parse(content, path):
    """The syntax tree of what this interpreter can compile, or Unreadable."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = compile(content, path, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
            # The parser alone lets `return` outside of a function through, and such.
            compile(content, path, "exec", dont_inherit=True)
            return tree
    except SyntaxError as wrong:
        raise Unreadable("python-syntax", wrong.msg, wrong.lineno) from None
    except ValueError as wrong:
        raise Unreadable("python-syntax", str(wrong)) from None


class Code:
    """All of a module's Python; `finish` says which files of it Odoo would import."""

    def __init__(self, module, paths):
        """`paths` are all files of the module: a folder without __init__.py is a package too, whatever is in it."""
        self._module = module
        self._packages = {}
        self._folders = {folder for path in paths for folder in _above(path)}
        self.models = []
        self.imports = []
        self.hooks = []
        self.records = []

    def read(self, path, content):
        if files.is_test(path):
            _check(content, path)
            return
        tree = parse(content, path)
        source = _Source(path, tree, self._module)
        self._packages[path] = source
        if path == "__init__.py":
            self.hooks = sorted(source.names)
        self.models += models.of(tree, path)
        if b"xml_id" in content or b"xmlid" in content:
            self.records += _given_ids(tree, path)

    def finish(self, problems):
        loaded = self._loaded(problems)
        for model in self.models:
            model["loaded"] = model["file"] in loaded
        for path in sorted(loaded):
            self.imports += self._packages[path].outside

    def _loaded(self, problems):
        """Files that are imported with the module: what its `__init__.py` reaches."""
        loaded = set()
        pending = ["__init__.py"]
        while pending:
            path = pending.pop()
            if path in loaded or path not in self._packages:
                continue
            loaded.add(path)
            for wanted in self._packages[path].inside:
                pending += self._files(path, wanted, problems)
        return loaded

    def _files(self, path, wanted, problems):
        """The files that one import of the module's own loads."""
        found = [f"{folder}/__init__.py" for folder in _above(wanted.target)]
        own = self._file(wanted.target)
        if own is None and wanted.target in self._folders:
            return found + [file for name in wanted.names if (file := self._file(f"{wanted.target}/{name}"))]
        if own is None:
            if wanted.is_sure:
                problems.add("import-local-missing", path, wanted.line, wanted.target.replace("/", "."))
            return found
        found.append(own)
        names = self._packages[own].names if own in self._packages else set()
        for name in wanted.names:
            target = f"{wanted.target}/{name}" if wanted.target else name
            is_package = own.endswith("__init__.py")
            if is_package and (submodule := self._file(target)):
                found.append(submodule)
            elif is_package and target in self._folders:
                continue
            elif own in self._packages and name not in names and "*" not in names and wanted.is_sure:
                problems.add("import-local-missing", path, wanted.line, target.replace("/", "."))
        return found

    def _file(self, target):
        package = f"{target}/__init__.py" if target else "__init__.py"
        if package in self._packages:
            return package
        return f"{target}.py" if f"{target}.py" in self._packages else None


def _given_ids(tree, path):
    """External ids that code gives to records it makes: {'xml_id': 'stock.stock_location_stock', …}"""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values):
                if isinstance(key, ast.Constant) and key.value in ("xml_id", "xmlid") and isinstance(value, ast.Constant):
                    yield {"id": str(value.value), "model": "", "file": path, "line": node.lineno}


def _check(content, path):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(content, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as wrong:
        raise Unreadable("python-syntax", getattr(wrong, "msg", str(wrong)), getattr(wrong, "lineno", 1)) from None


def _above(target):
    parts = target.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


class _Own:
    """An import of the module's own files."""

    def __init__(self, target, names, line, is_sure):
        self.target = target
        self.names = names
        self.line = line
        self.is_sure = is_sure


class _Source:
    """Imports and top-level names of one file."""

    def __init__(self, path, tree, module):
        self._module = module
        self._folder = path.split("/")[:-1]
        self._path = path
        self.inside = []
        self.outside = []
        self.names = set()
        self._statements(tree.body, is_sure=True)

    def _statements(self, body, is_sure):
        """Statements that run at import. Below `try` and `if` an import may fail, or never be tried."""
        for node in body:
            match node:
                case ast.Import(names=names):
                    for name in names:
                        self.names.add((name.asname or name.name).split(".")[0])
                        self._outside(name.name, node.lineno, is_sure)
                case ast.ImportFrom():
                    if not self._takes_own_files(node):
                        self.names.update(n.asname or n.name for n in node.names)
                    self._from(node, is_sure)
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    self.names.add(name)
                case ast.ClassDef(name=name):
                    self.names.add(name)
                case ast.Try() | ast.TryStar():
                    for part in (node.body, node.orelse, node.finalbody, *(h.body for h in node.handlers)):
                        self._statements(part, is_sure=False)
                case ast.If() | ast.For() | ast.While():
                    self._statements(node.body + node.orelse, is_sure=False)
                case ast.With():
                    self._statements(node.body, is_sure=False)
                case _:
                    self.names.update(
                        n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
                    )

    def _takes_own_files(self, node):
        """`from . import x` gives a package no x that its folder does not have."""
        return node.level == 1 and node.module is None and self._path.endswith("__init__.py")

    def _from(self, node, is_sure):
        names = [name.name for name in node.names if name.name != "*"]
        own = f"odoo.addons.{self._module}"
        if node.level:
            base = self._folder[: len(self._folder) - (node.level - 1)]
            if node.level - 1 > len(self._folder):
                # from ..other import x: another module, as a neighbour in odoo.addons
                self._outside("odoo.addons." + (node.module or ""), node.lineno, is_sure)
                return
            target = "/".join(base + (node.module.split(".") if node.module else []))
            self.inside.append(_Own(target, names, node.lineno, is_sure))
        elif node.module == own or (node.module or "").startswith(own + "."):
            target = node.module[len(own) + 1 :].replace(".", "/")
            self.inside.append(_Own(target, names, node.lineno, is_sure))
        elif node.module == "odoo.addons":
            for name in names:
                self._outside(f"odoo.addons.{name}", node.lineno, is_sure)
        else:
            self._outside(node.module, node.lineno, is_sure)

    def _outside(self, name, line, is_sure):
        self.outside.append({"name": name, "file": self._path, "line": line, "sure": is_sure})
