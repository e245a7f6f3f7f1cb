"""Keeps one tenant's session out of another tenant's requests."""

from functools import wraps


def guard_session(session_of, store, current_database):
    """A session of another database is no session at all: the request comes as a stranger's.

    Odoo instead logs such a session out and stores that, so whoever shows one tenant's cookie at another's host ends
    the session where it belongs.

    :param session_of: finds the session of a request, and its database
    :param store: gives the session store; Odoo makes it at the first request
    """

    @wraps(session_of)
    def guarded(request):
        sid = request.httprequest._session_id__
        if sid and store().is_valid_key(sid):
            database = store().get(sid).get("db")
            if database and database != current_database():
                request.httprequest._session_id__ = None
        return session_of(request)

    return guarded
