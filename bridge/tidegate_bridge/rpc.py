"""Guards for the RPC services, which take the database from the body of the request."""

from functools import wraps

#: Methods of the `common` service that name no database.
_HARMLESS = frozenset({"about", "version"})


def guard_object(dispatch, current, refuse):
    """The `object` service: the first parameter is the database."""

    @wraps(dispatch)
    def guarded(method, params):
        if not _names(params, current()):
            raise refuse()
        return dispatch(method, params)

    return guarded


def guard_common(dispatch, current, refuse):
    """The `common` service: all but its harmless methods take the database first."""

    @wraps(dispatch)
    def guarded(method, params):
        if method not in _HARMLESS and not _names(params, current()):
            raise refuse()
        return dispatch(method, params)

    return guarded


def close_db(dispatch, refuse):
    """The `db` service lists, copies and drops databases: closed whole, master password or not."""

    @wraps(dispatch)
    def closed(method, params):
        raise refuse()

    return closed


def _names(params, database):
    return database is not None and bool(params) and params[0] == database
