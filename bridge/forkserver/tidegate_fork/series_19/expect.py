"""How a journey says that it did not come out well."""


class Unexpected(Exception):
    """Odoo answered, and not as a shop needs it."""


def expect(condition, otherwise):
    """Raises `Unexpected` with one sentence unless the condition holds."""
    if not condition:
        raise Unexpected(otherwise)
