"""The options that this Odoo knows, as its own parser has them."""

import optparse


def facts():
    from odoo.tools import config

    described = {}
    for option in _all(config.parser):
        if option.dest and option.dest not in described:
            described[option.dest] = _described(option, config)
        elif option.dest:
            described[option.dest]["flags"] += _flags(option)
    # What only the file may say has no flags; older series have no option object for it either.
    for name, value in dict(config.options).items():
        described.setdefault(
            name, {"name": name, "flags": [], "type": None, "choices": [], "file": True, "value": _plain(value)}
        )
    return sorted(described.values(), key=lambda option: option["name"])


def _all(parser):
    yield from parser.option_list
    for group in parser.option_groups:
        yield from group.option_list


def _described(option, config):
    return {
        "name": option.dest,
        "flags": _flags(option),
        "type": _type(option),
        "choices": [str(choice) for choice in option.choices or ()],
        "file": bool(getattr(option, "file_loadable", option.dest in config.options)),
        "value": _plain(_default(option)),
    }


def _flags(option):
    hidden = option.help is optparse.SUPPRESS_HELP
    return [] if hidden else [*option._long_opts, *option._short_opts]


def _type(option):
    if option.type:
        return option.type
    return "bool" if option.action in ("store_true", "store_false") else None


def _default(option):
    given = getattr(option, "my_default", None)
    return None if given is None and option.default == optparse.NO_DEFAULT else given


def _plain(value):
    if value is None or isinstance(value, (bool, int, float, str)):
        return str(value) if value is not None else None
    if isinstance(value, (list, tuple, set)):
        return ",".join(sorted(map(str, value)) if isinstance(value, set) else map(str, value))
    return str(value)
