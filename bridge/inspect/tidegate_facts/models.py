"""Models and fields, as classes declare them."""

import ast
import re

_KINDS = {"Model": "model", "TransientModel": "transient", "AbstractModel": "abstract", "BaseModel": "model"}

#: Arguments of a field whose value matters to the database or to a gate; the rest is told as a number.
_TEXTS = {"compute": "compute", "related": "related", "inverse_name": "inverse", "comodel_name": "comodel"}
_TRUTHS = ("required", "store", "company_dependent", "translate", "index")
_RELATIONAL = {"Many2one", "One2many", "Many2many"}


def of(tree, path):
    """The models of a file, in its order."""
    constants = _constants(tree)
    added = _added(tree)
    for node in _classes(tree.body):
        if model := _model(node, path, constants):
            model["fields"] += added.get(node.name, [])
            yield model


def _classes(body):
    """Classes at any depth of statements; looking through expressions too would take most of the time."""
    pending = list(reversed(body))
    while pending:
        node = pending.pop()
        if isinstance(node, ast.ClassDef):
            yield node
        inner = [s for part in ("body", "orelse", "finalbody") for s in getattr(node, part, ())]
        inner += [s for handler in getattr(node, "handlers", ()) for s in handler.body]
        pending += reversed(inner)


def _added(tree):
    """Fields with names that no class body can hold: setattr(IrRule, 'global', fields.Boolean(…))."""
    added = {}
    for node in tree.body:
        match node:
            case ast.Expr(
                value=ast.Call(func=ast.Name(id="setattr"), args=[ast.Name(id=owner), ast.Constant(value=str(name)), _])
            ):
                added.setdefault(owner, []).append({"name": name, "type": "Field", "line": node.lineno})
    return added


def _constants(tree):
    """Names that stand for one text in the whole file."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _model(node, path, constants):
    attributes = dict(_assignments(node))
    kind = next((_KINDS[name] for name in map(_last_name, node.bases) if name in _KINDS), None)
    if kind is None and not ("_inherit" in attributes or "_name" in attributes):
        return None
    name = _text(attributes.get("_name"), constants)
    inherit = _texts(attributes.get("_inherit"), constants)
    # One parent given as a text is the model itself; a list is not, even of one.
    extended = _text(attributes.get("_inherit"), constants)
    model = {
        "name": name or extended,
        "creates": name is not None and name not in (inherit or []),
        "inherit": inherit or [],
        "delegates": _delegates(attributes.get("_inherits")),
        "kind": kind or "model",
        "file": path,
        "line": node.lineno,
        # A name or a parent that only running the code would tell.
        "open": ("_name" in attributes and name is None) or ("_inherit" in attributes and inherit is None),
        "fields": [],
        "rules": [],
    }
    if model["name"] is None and not model["open"]:
        if kind is None:
            return None
        model["name"] = _dotted(node.name)
        model["creates"] = model["name"] not in model["inherit"]
    if isinstance(attributes.get("_auto"), ast.Constant) and attributes["_auto"].value is False:
        model["auto"] = False
    for target, value in _assignments(node):
        if isinstance(value, ast.Call):
            _member(model, target, value, constants)
        elif target == "_sql_constraints":
            model["rules"].append({"name": target, "line": value.lineno, "definition": ast.dump(value)})
    for field in model["fields"]:
        if field.pop("delegate", False) and field.get("comodel"):
            model["delegates"][field["comodel"]] = field["name"]
    return model


def _member(model, target, value, constants):
    function = value.func
    if isinstance(function, ast.Subscript):  # fields.Many2one['res.partner'](…)
        function = function.value
    name = _last_name(function)
    owner = function.value.id if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) else None
    if name in ("Constraint", "Index", "UniqueIndex") and owner == "models":
        model["rules"].append({"name": target, "line": value.lineno, "definition": ast.dump(value)})
    elif name and name[:1].isupper() and not target.startswith("__"):
        model["fields"].append(_field(target, name, value, constants))


def _field(target, kind, call, constants):
    arguments = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    if kind in _RELATIONAL and call.args:
        arguments.setdefault("comodel_name", call.args[0])
        if kind == "One2many" and len(call.args) > 1:
            arguments.setdefault("inverse_name", call.args[1])
    field = {"name": target, "type": kind, "line": call.lineno}
    for argument, key in _TEXTS.items():
        if argument in arguments:
            # A function or an expression: that it is there matters, what it says cannot be told.
            field[key] = _text(arguments[argument], constants) or "?"
    for argument in _TRUTHS:
        if argument in arguments:
            value = arguments[argument]
            field[argument] = bool(value.value) if isinstance(value, ast.Constant) else argument != "required"
    if "default" in arguments:
        value = arguments["default"]
        field["default"] = not (isinstance(value, ast.Constant) and value.value is None)
    if _is_true(arguments.get("delegate")):
        field["delegate"] = True
    selection = arguments.get("selection") or (call.args[0] if kind == "Selection" and call.args else None)
    if isinstance(selection, (ast.List, ast.Tuple)):
        field["selection"] = [
            item.elts[0].value
            for item in selection.elts
            if isinstance(item, (ast.Tuple, ast.List)) and item.elts and isinstance(item.elts[0], ast.Constant)
        ]
    return field


def _is_true(value):
    return isinstance(value, ast.Constant) and value.value is True


def _assignments(node):
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Name):
                        yield target.id, value
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                yield name, value


def _text(value, constants):
    match value:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name):
            return constants.get(name)
    return None


def _texts(value, constants):
    """A list of names; None when it cannot be told."""
    if value is None:
        return []
    if isinstance(value, (ast.List, ast.Tuple)):
        texts = [_text(item, constants) for item in value.elts]
        return None if None in texts else texts
    text = _text(value, constants)
    return [text] if text else None


def _delegates(value):
    if not isinstance(value, ast.Dict):
        return {}
    return {
        key.value: field.value
        for key, field in zip(value.keys, value.values)
        if isinstance(key, ast.Constant) and isinstance(field, ast.Constant)
    }


def _last_name(node):
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return None


def _dotted(name):
    """What Odoo 19 calls a model whose class says nothing: ResPartner is res.partner."""
    return re.sub(r"(?<=[^_])([A-Z])", r".\1", name).lower()
