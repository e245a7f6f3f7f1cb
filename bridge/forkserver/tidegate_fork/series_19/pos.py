"""Journey `pos`: open the till and load what it needs, undone."""

from .expect import expect
from .traceless import traceless


def pos(journey):
    """Opens a session and loads its data as the user `login`: Odoo refuses it to the superuser."""
    with traceless(journey.database, journey.param("login")) as env:
        config = env["pos.config"].search([], order="id", limit=1)
        expect(config, "there is no point of sale")
        config.open_ui()
        session = config.current_session_id
        expect(session, "no session was opened")
        loaded = session.load_data([])
        expect(loaded.get("product.template") or loaded.get("product.product"), "the till got no products")
        records = {model: len(rows) for model, rows in loaded.items()}
        return {"till": config.name, "state": session.state, "records": records}
