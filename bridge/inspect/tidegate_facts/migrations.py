"""Migration scripts: what lies where, and whether Odoo could call it."""

import ast
import re

_ROOTS = ("migrations", "upgrades")
_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_]{1,62}")
_MOST_WORDS = 5000


class Scripts:
    def __init__(self):
        self.found = []

    @staticmethod
    def takes(path):
        """Everything below the two folders but their tests."""
        parts = path.split("/")
        return parts[0] in _ROOTS and "tests" not in parts[1:-1]

    def add(self, path, content, tree):
        """`tree` is the syntax tree; None for what is no Python."""
        migrate = _migrate(tree) if tree else {"migrate": "none"}
        words = sorted({word.decode() for word in _WORD.findall(content)})[:_MOST_WORDS] if tree else []
        self.found.append({"file": path, **migrate, "words": words})


def _migrate(tree):
    """`migrate` is none, function, or other when it comes from elsewhere; the last definition counts, as in Python."""
    found = {"migrate": "none"}
    for node in _top_level(tree.body):
        match node:
            case ast.FunctionDef(name="migrate") | ast.AsyncFunctionDef(name="migrate"):
                found = {"migrate": "function", "line": node.lineno, "parameters": _parameters(node.args)}
            case ast.ImportFrom(names=names) if any((n.asname or n.name) in ("migrate", "*") for n in names):
                found = {"migrate": "other", "line": node.lineno}
            case ast.Assign(targets=targets) if any(isinstance(t, ast.Name) and t.id == "migrate" for t in targets):
                found = {"migrate": "other", "line": node.lineno}
    return found


def _top_level(body):
    """Statements of the module, also below `if` and `try`."""
    for node in body:
        yield node
        for part in ("body", "orelse", "finalbody"):
            if isinstance(node, (ast.If, ast.Try, ast.With)):
                yield from _top_level(getattr(node, part, []))
        for handler in getattr(node, "handlers", []):
            yield from _top_level(handler.body)


def _parameters(arguments):
    """Names in order, `*` before what cannot be given by position."""
    plain = [a.arg for a in arguments.posonlyargs + arguments.args]
    optional = len(arguments.defaults)
    if optional:
        plain = plain[:-optional] + [f"{name}=" for name in plain[-optional:]]
    rest = [f"*{arguments.vararg.arg}"] if arguments.vararg else []
    only = [f"*.{a.arg}" for a in arguments.kwonlyargs]
    return plain + rest + only + ([f"**{arguments.kwarg.arg}"] if arguments.kwarg else [])
