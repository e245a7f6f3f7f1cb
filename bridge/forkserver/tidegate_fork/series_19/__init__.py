"""Odoo 19."""

from .boot import boot, prepare
from .migrate import migrate

__all__ = ["JOURNEYS", "boot", "migrate", "prepare"]

#: Name of a journey to the function that makes it.
JOURNEYS = {}
