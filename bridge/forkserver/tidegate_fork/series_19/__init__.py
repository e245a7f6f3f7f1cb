"""Odoo 19."""

from .boot import boot, prepare
from .migrate import migrate
from .order import order
from .pos import pos
from .prices import prices
from .stock import stock
from .traceless import load
from .views import views

__all__ = ["JOURNEYS", "boot", "load", "migrate", "prepare"]

#: Name of a journey to the function that makes it: a `requests.Journey` in, what came back out.
JOURNEYS = {"order": order, "pos": pos, "prices": prices, "stock": stock, "views": views}
