"""The wall in front of Odoo: only the database that the gateway's header names, and only if it is served."""

from contextvars import ContextVar
from urllib.parse import parse_qs

HEADER = "X-Tidegate-Database"
_HEADER_KEY = "HTTP_X_TIDEGATE_DATABASE"
_ODOO_HEADER_KEY = "HTTP_X_ODOO_DATABASE"

#: Answered without a database: is the process alive?
_HEALTH = "/web/health"

_current = ContextVar("tidegate_database", default=None)


def current_database():
    """The database that the request in progress may use; None outside of one."""
    return _current.get()


class Gate:
    """Wraps a WSGI application. A request it refuses reaches neither a database nor the session store.

    The session store matters: Odoo removes the session of a user whose database it cannot serve, and with that
    logs out for good whoever strays here during a cutover.
    """

    def __init__(self, application, served):
        self._application = application
        self._served = served

    def __call__(self, environ, start_response):
        database = environ.get(_HEADER_KEY)
        if not database and environ.get("PATH_INFO") == _HEALTH:
            return self._answer(None, _anonymous(environ), start_response)

        if refusal := self._refusal(database, environ):
            return refusal(start_response)

        return self._answer(database, environ, start_response)

    def _refusal(self, database, environ):
        if not database:
            return Refusal("404 Not Found", f"no tenant: the request carries no {HEADER} header")
        if database not in self._served.web:
            return Refusal("503 Service Unavailable", "this database is not served here", ("Retry-After", "5"))
        if _is_database_manager(environ.get("PATH_INFO", "")):
            return Refusal("404 Not Found", "the database manager is closed")
        if any(named != database for named in _databases_named(environ)):
            return Refusal("403 Forbidden", "the request names another database than its host's")
        return None

    def _answer(self, database, environ, start_response):
        token = _current.set(database)
        try:
            return self._application(environ, start_response)
        finally:
            _current.reset(token)


class Refusal:
    """A short answer in plain text."""

    def __init__(self, status, reason, *headers):
        self._status = status
        self._body = f"Tidegate: {reason}.\n".encode()
        self._headers = headers

    def __call__(self, start_response):
        length = ("Content-Length", str(len(self._body)))
        start_response(self._status, [("Content-Type", "text/plain; charset=utf-8"), length, *self._headers])
        return [self._body]


def _databases_named(environ):
    if named := environ.get(_ODOO_HEADER_KEY):
        yield named
    yield from parse_qs(environ.get("QUERY_STRING", "")).get("db", [])


def _is_database_manager(path):
    """True for /web/database/…, with a language before it or slashes doubled as well."""
    parts = [part for part in path.split("/") if part]
    return ["web", "database"] in (parts[:2], parts[1:3])


def _anonymous(environ):
    """Without cookie and database header, so that a health check touches no session."""
    return {key: value for key, value in environ.items() if key not in ("HTTP_COOKIE", _ODOO_HEADER_KEY)}
