"""Question `views`: which views cannot be shown."""

from .traceless import traceless


def views(journey):
    """Shows each primary view of a model once, as the superuser. The broken ones come back, each with its error."""
    with traceless(journey.database) as env:
        shown = env["ir.ui.view"].search(
            [("mode", "=", "primary"), ("type", "!=", "qweb"), ("model", "!=", False)], order="id"
        )
        names = shown.get_external_id()
        broken = []
        for view in shown:
            error = _show(env, view)
            if error:
                broken.append({"name": names[view.id] or view.name, "model": view.model, "error": error})
    return {"views": len(names), "broken": broken}


def _show(env, view):
    if view.model not in env:
        return f"there is no model {view.model}"
    try:
        with env.cr.savepoint():
            env[view.model].get_view(view.id, view.type)
    except Exception as error:
        return str(error).strip().split("\n")[0][:300] or type(error).__name__
    return None
