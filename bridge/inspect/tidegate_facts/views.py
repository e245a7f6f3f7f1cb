"""Field names in the architecture of a view, and of which model each is a field."""

import re

from . import names

_CONDITIONS = ("invisible", "readonly", "required", "column_invisible")
_FIELD_ATTRIBUTES = ("date_start", "date_stop", "date_delay", "default_order", "default_group_by", "filename")
_NAMED = re.compile(r"field\[\s*@name\s*=\s*['\"]([\w.]+)['\"]\s*\]")
_PLAIN = re.compile(r"[A-Za-z_]\w*$")


class View:
    """Fed with a view's elements; `uses` holds each field name once.

    A use has the path of relational fields that leads to its model, from the view's own. It is `sure` when that path
    is known: what extends a view may sit anywhere in it.
    """

    def __init__(self):
        self.uses = []
        self._seen = set()
        self._stack = []
        self._roots = 0

    def start(self, name, attributes, line):
        path, sure, kind = self._stack[-1] if self._stack else ((), True, None)
        if not self._stack:
            kind = name
            # An architecture that begins with a place in another view extends it.
            sure = name not in ("xpath", "data") and "position" not in attributes
        inside = (path, sure, kind)
        if name == "xpath":
            inside = (self._place(attributes, line), False, kind)
        elif name == "data" and len(self._stack) == 0:
            inside = ((), False, kind)
        elif name in ("field", "groupby") and "name" in attributes:
            position = attributes.get("position")
            field = attributes["name"]
            self._use(path, field, sure and not position, line, "view")
            if position in (None, "inside"):
                inside = ((*path, field), sure and not position, kind)
            elif position:
                inside = (path, False, kind)
        elif "position" in attributes:
            inside = (path, False, kind)
        self._attributes(name, attributes, path, sure, line)
        self._stack.append(inside)

    @property
    def is_over(self):
        """Every element that began has ended."""
        return not self._stack

    def end(self):
        self._stack.pop()

    def _place(self, attributes, line):
        """The path of fields that an xpath goes through; its last one only for what is put inside of it."""
        found = _NAMED.findall(attributes.get("expr", ""))
        for depth, field in enumerate(found):
            self._use(tuple(found[:depth]), field, False, line, "view")
        is_last = re.search(r"field\[[^\]]*\]\s*$", attributes.get("expr", "")) is not None
        if is_last and attributes.get("position", "inside") != "inside":
            found = found[:-1]
        return tuple(found)

    def _attributes(self, name, attributes, path, sure, line):
        for key, value in attributes.items():
            if key in _CONDITIONS or key.startswith("decoration-"):
                for field in names.in_condition(value):
                    self._use(path, field, sure, line, "condition")
            elif key in _FIELD_ATTRIBUTES:
                for part in value.split(","):
                    self._use(path, part.split(":")[0].split(" ")[0].strip(), sure, line, "view")
            elif name == "filter" and key == "domain":
                for field in names.in_domain(value):
                    self._use(path, field, sure, line, "filter")
            elif name == "filter" and key == "date":
                self._use(path, value, sure, line, "filter")
            elif name == "filter" and key == "context":
                for field in names.in_group_by(value):
                    self._use(path, field, sure, line, "filter")

    def _use(self, path, field, sure, line, kind):
        first = field.split(".")[0]
        key = (path, first, sure)
        if _PLAIN.match(first) and key not in self._seen:
            self._seen.add(key)
            self.uses.append({"path": list(path), "field": field, "sure": sure, "line": line, "kind": kind})
