"""Records, references and field names of an XML data file."""

import hashlib
import re
from xml.parsers import expat

from . import names, views
from .files import Unreadable

_DEEPEST = 200
_PERCENT = re.compile(r"(?<!%)%\(\s*([A-Za-z0-9_.-]+)\s*\)[ds]")
_GIVEN_ID = re.compile(r"['\"]xml_?id['\"]\s*:\s*['\"]([A-Za-z0-9_.-]+)['\"]")
_REF_CALL = re.compile(r"(?<![\w.])ref\(\s*(?:'([^'\"()]+)'|\"([^'\"()]+)\")\s*(\)|,)")
_SECRET_KEY = re.compile(r"(^|[._-])(secret|password|passwd|token|api_?key|private_key)([._-]|$)", re.IGNORECASE)
_ROOTS = {"odoo", "openerp", "data"}


def check(content):
    """Unreadable unless it is well-formed."""
    _parse(content, lambda *_: None, lambda *_: None, lambda *_: None)


def read(path, content, loaded, secrets, problems):
    """Adds what the file says to `loaded`."""
    reader = _Reader(path, content, loaded, secrets)
    _parse(content, reader.start, reader.end, reader.text)
    if reader.root not in _ROOTS:
        problems.add("xml-no-data", path, 1, f"<{reader.root}>")


def _parse(content, start, end, text):
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = 0

    def begin(name, attributes):
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise Unreadable("file-too-deep", f"elements are nested more than {_DEEPEST} deep", parser.CurrentLineNumber)
        start(name, attributes, parser.CurrentLineNumber, parser.CurrentByteIndex)

    def finish(name):
        nonlocal depth
        depth -= 1
        end(name, parser.CurrentByteIndex)

    def entity(name, *_):
        raise Unreadable("xml-entity", f"entity {name}", parser.CurrentLineNumber)

    parser.StartElementHandler = begin
    parser.EndElementHandler = finish
    parser.CharacterDataHandler = text
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(content, True)
    except expat.ExpatError as wrong:
        raise Unreadable("xml-malformed", expat.errors.messages[wrong.code], wrong.lineno) from None
    except (LookupError, ValueError) as wrong:  # an encoding that nobody knows
        raise Unreadable("xml-malformed", str(wrong)) from None


class _Record:
    def __init__(self, identity, model, line, place):
        self.id = identity
        self.model = model
        self.line = line
        self.place = place
        self.fields = {}
        self.lines = {}
        self.view = None
        self.field = None
        self.buffer = []
        #: The field's content is XML, in which Odoo replaces %(id)d.
        self.is_markup = False

    @property
    def is_in_view(self):
        return self.view is not None and self.field == "arch"


class _Reader:
    """Follows one file's elements; a record is told when it ends. Records may lie in fields of records."""

    def __init__(self, path, content, loaded, secrets):
        self._path = path
        self._content = content
        self._loaded = loaded
        self._secrets = secrets
        self._stack = []
        self._records = []
        self._seen = set()
        self._line = 1
        #: Where each open template begins in the file, and what was told of it.
        self._templates = []
        self.root = None

    @property
    def _record(self):
        return self._records[-1] if self._records else None

    def start(self, name, attributes, line, place):
        self.root = self.root or name
        self._stack.append(name)
        self._line = line
        record = self._record
        is_markup = bool(self._templates) or (record is not None and record.is_markup)
        self._references(name, attributes, line, is_markup)
        if record and record.is_in_view:
            record.view.start(name, attributes, line)
        elif is_markup and name != "template":
            return
        elif record and name == "field" and self._stack[-2:] == ["record", "field"]:
            self._begin_field(record, attributes, line)
        elif name == "record":
            self._records.append(_Record(attributes.get("id"), attributes.get("model", ""), line, place))
        elif name in _MODELS:
            told = self._define(attributes.get("id") or attributes.get("t-name"), _MODELS[name], line)
            if name == "template":
                self._templates.append((place, told))

    @staticmethod
    def _begin_field(record, attributes, line):
        record.field = attributes.get("name", "").split("@")[0]
        record.buffer = []
        record.lines.setdefault(record.field, line)
        record.is_markup = attributes.get("type") in ("xml", "html")
        for source in ("eval", "ref"):
            if source in attributes:
                record.fields[record.field] = (source, attributes[source])
        if record.field == "arch" and record.model == "ir.ui.view":
            record.view = views.View()

    def end(self, name, place):
        record = self._record
        is_field = name == "field" and self._stack[-2:] == ["record", "field"]
        if record and record.is_in_view and not (is_field and record.view.is_over):
            record.view.end()
        elif record and record.field is not None and is_field:
            record.fields.setdefault(record.field, ("text", "".join(record.buffer).strip()))
            record.field = None
            record.is_markup = False
        elif name == "record" and record:
            self._finish(record, place)
            self._records.pop()
        elif name == "template" and self._templates:
            self._tell_text(*self._templates.pop(), place)
        self._stack.pop()

    def text(self, data):
        record = self._record
        if record and record.field and not record.is_in_view:
            record.buffer.append(data)
        if self._templates or (record and record.is_markup):
            self._percent(data, self._line)

    def _percent(self, text, line):
        if "%(" in text:
            for match in _PERCENT.finditer(text):
                self._refer(match[1], line)

    def _references(self, name, attributes, line, is_markup):
        for key, value in attributes.items():
            if key == "ref" and name in ("field", "value"):
                self._refer(value, line)
            elif key == "inherit_id" and name == "template" or key in ("parent", "action") and name == "menuitem":
                self._refer(value, line)
            elif key == "groups":
                # Unknown groups in a view are passed over; in a menu they are not.
                kind = "ref" if name == "menuitem" else "group"
                for group in value.split(",") if "%" not in value else ():
                    self._refer(group.strip().lstrip("!-"), line, kind)
            elif key in ("eval", "search"):
                self._evaluated(value, line)
            if is_markup:
                self._percent(value, line)

    def _evaluated(self, text, line):
        for match in _REF_CALL.finditer(text):
            if match[3] == ")":
                self._refer(match[1] or match[2], line)
        for match in _GIVEN_ID.finditer(text):
            self._define(match[1], "", line)

    def _refer(self, identity, line, kind="ref"):
        if identity and (identity, kind) not in self._seen:
            self._seen.add((identity, kind))
            self._loaded.references.append({"id": identity, "kind": kind, "file": self._path, "line": line})

    def _define(self, identity, model, line):
        """What is told of the record; None when it has no id."""
        if not identity:
            return None
        told = {"id": identity, "model": model, "file": self._path, "line": line}
        self._loaded.records.append(told)
        return told

    def _tell_text(self, begin, told, end):
        """A number for a view's text, so that two releases can be compared."""
        if told:
            told["hash"] = hashlib.blake2b(self._content[begin:end], digest_size=8).hexdigest()

    def _finish(self, record, end):
        told = self._define(record.id, record.model, record.line)
        if record.model == "ir.ui.view":
            self._tell_text(record.place, told, end)
        self._use(record.model, ["id", *record.fields], "data", {"id": record.line, **record.lines})
        text = {name: value for name, (_, value) in record.fields.items()}
        if record.model == "ir.ui.view" and record.view:
            self._loaded.views.append(
                {
                    "id": record.id,
                    "model": text.get("model") or None,
                    "inherit": text.get("inherit_id") or None,
                    "file": self._path,
                    "line": record.line,
                    "uses": record.view.uses,
                }
            )
        elif record.model == "ir.rule":
            self._use("&" + text.get("model_id", ""), names.in_domain(text.get("domain_force", "")), "rule", record.lines)
        elif record.model == "ir.filters":
            self._use(text.get("model_id", ""), names.in_domain(text.get("domain", "")), "filter", record.lines)
            self._use(text.get("model_id", ""), names.in_group_by(text.get("context", "")), "filter", record.lines)
        elif record.model == "ir.actions.act_window":
            self._use(text.get("res_model", ""), names.in_domain(text.get("domain", "")), "action", record.lines)
            self._use(text.get("res_model", ""), names.in_group_by(text.get("context", "")), "action", record.lines)
        self._judge_secret(record, text)

    def _use(self, model, fields, kind, lines):
        """`&` before the model says that it is given by the external id of its `ir.model`."""
        for name in fields:
            key = (model, name, kind)
            if model and model != "&" and name and key not in self._seen:
                self._seen.add(key)
                line = lines.get(name) or min(lines.values(), default=1)
                self._loaded.uses.append(
                    {"model": model, "field": name, "kind": kind, "file": self._path, "line": line}
                )

    def _judge_secret(self, record, text):
        if record.model == "ir.config_parameter" and _SECRET_KEY.search(text.get("key", "")):
            name = "value"
        elif record.model in ("ir.mail_server", "fetchmail.server"):
            name = "smtp_pass" if record.model == "ir.mail_server" else "password"
        else:
            return
        kind, value = record.fields.get(name, ("text", ""))
        if kind == "text" and len(value) >= 8 and value.lower() not in ("false", "none", "changeme"):
            self._secrets.append({"kind": "password_in_data", "file": self._path, "line": record.lines[name]})


_MODELS = {
    "template": "ir.ui.view",
    "menuitem": "ir.ui.menu",
    "asset": "ir.asset",
    "act_window": "ir.actions.act_window",
    "report": "ir.actions.report",
    "url": "ir.actions.act_url",
}
