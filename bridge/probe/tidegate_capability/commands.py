"""The sub-commands, each asked for its help as somebody would on the command line."""

import argparse
import optparse
import sys

from .children import Child

_PATIENCE = 60


def facts():
    names = Child(_list).lines(_PATIENCE)
    # Forked at once: each is idle half of the time.
    return [_facts(name, child) for name, child in [(name, Child(_helper(name))) for name in names]]


def _facts(name, child):
    lines = child.lines(_PATIENCE)
    return {
        "name": name,
        "options": sorted({flag for line in lines for flag in line["options"]}),
        "actions": sorted({action for line in lines for action in line["actions"]}),
        "helpExitCode": child.exit_code,
    }


def _list(send):
    import odoo.cli.command

    try:
        _odoo("--help")
    except SystemExit:
        pass  # that is how help ends
    for name in sorted(odoo.cli.command.commands):
        send(name)


def _helper(name):
    def ask(send):
        # What prints the help has the parser in its hands.
        for parser in (argparse.ArgumentParser, optparse.OptionParser):
            parser.print_help = _sender(send, parser.print_help)
        _odoo(name, "--help")

    return ask


def _sender(send, print_help):
    def wrapped(parser, *arguments, **named):
        send(_described(parser))
        return print_help(parser, *arguments, **named)

    return wrapped


def _described(parser):
    if isinstance(parser, optparse.OptionParser):
        groups = [parser, *parser.option_groups]
        flags = [flag for group in groups for option in group.option_list for flag in option._long_opts]
        return {"options": flags, "actions": []}
    flags = [flag for action in parser._actions for flag in action.option_strings if flag.startswith("--")]
    actions = [
        choice
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for choice in action.choices
    ]
    return {"options": flags, "actions": actions}


def _odoo(*arguments):
    import odoo.cli

    sys.argv = ["odoo", *arguments]
    odoo.cli.main()
