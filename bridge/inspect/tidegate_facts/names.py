"""Field names in domains, contexts and conditions, as far as their text alone tells them."""

import ast

#: Names in a view's conditions that are no fields.
_GLOBALS = {
    "context", "uid", "parent", "active_id", "active_ids", "active_model", "allowed_company_ids", "time", "datetime",
    "relativedelta", "context_today", "today", "now", "current_date", "user", "company_id", "company_ids", "id",
    "True", "False", "None", "current_company_id", "companies", "len", "set", "bool", "str", "int", "float",
    "ref", "env", "self", "abs", "min", "max", "any", "all", "list", "tuple", "dict", "isinstance", "sorted",
}  # fmt: skip

_OPERATORS = {
    "=", "!=", "<>", "==", "<", "<=", ">", ">=", "=?", "in", "not in", "like", "not like", "ilike", "not ilike",
    "=like", "=ilike", "not =like", "not =ilike", "child_of", "parent_of", "any", "not any", "any!", "not any!",
}  # fmt: skip


def expression(text):
    """The tree of one expression; None when it is none."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def in_domain(text):
    """Left sides of the conditions: `[('partner_id.country_id', '=', 1)]`."""
    tree = expression(text)
    return [] if tree is None else list(_conditions(tree))


def _conditions(node):
    match node:
        case ast.Tuple(elts=[left, operator, _]) | ast.List(elts=[left, operator, _]) if _is_operator(operator):
            # The right side of "any" speaks of another model; what is in it is left out rather than guessed.
            if isinstance(left, ast.Constant) and isinstance(left.value, str):
                yield left.value
        case ast.List() | ast.Tuple():
            for item in node.elts:
                yield from _conditions(item)
        case ast.BinOp(left=left, right=right):
            yield from _conditions(left)
            yield from _conditions(right)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _conditions(body)
            yield from _conditions(orelse)


def _is_operator(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.lower() in _OPERATORS


def in_condition(text):
    """Names of a view's condition: `state == 'draft' and not partner_id`."""
    tree = expression(text)
    if tree is None:
        return []
    bound = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return [
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id not in _GLOBALS and node.id not in bound
    ]


def in_group_by(text):
    """Fields that a context groups by: `{'group_by': 'date:month'}`."""
    tree = expression(text)
    found = []
    if isinstance(tree, ast.Dict):
        for key, value in zip(tree.keys, tree.values):
            if isinstance(key, ast.Constant) and key.value == "group_by":
                items = value.elts if isinstance(value, (ast.List, ast.Tuple)) else [value]
                found += [item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    return [name.split(":")[0] for item in found for name in item.split(",") if name.strip()]
