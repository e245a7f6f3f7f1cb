"""The session store that requests would get, and how it writes a session."""

from pathlib import Path


def facts():
    import odoo.http
    from odoo.service.server import load_server_wide_modules

    # Modules that keep sessions elsewhere put their store in place when they are loaded.
    load_server_wide_modules()
    store = odoo.http.root.session_store
    return {
        "store": f"{type(store).__module__}.{type(store).__qualname__}",
        "methods": sorted(name for name in dir(store) if not name.startswith("_") and callable(getattr(store, name))),
        "format": _format(store),
    }


def _format(store):
    """json or pickle, by what one session looks like on disk; None where it is no file."""
    session = store.new()
    session["probe"] = "1"
    store.save(session)
    path = Path(store.get_session_filename(session.sid)) if hasattr(store, "get_session_filename") else None
    if path is None or not path.is_file():
        return None
    first = path.read_bytes()[:1]
    path.unlink()
    return {b"{": "json", b"\x80": "pickle"}.get(first, "other")
