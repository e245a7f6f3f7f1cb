"""What an Odoo process says to PostgreSQL that matters to a control plane."""

#: Kept of what a statement says.
_LONGEST = 300

_TELLING = ("lock_timeout", "advisory", "partially_updated_database")


class Statements:
    """Notes the statements that tell how loading protects itself. One process has one."""

    def __init__(self):
        self.noted = []

    def watch(self):
        from odoo.sql_db import Cursor

        original = Cursor.execute

        def execute(cursor, query, *arguments, **named):
            result = original(cursor, query, *arguments, **named)
            text = query if isinstance(query, str) else str(getattr(query, "code", query))
            lowered = text.lower()
            for word in _TELLING:
                if word in lowered:
                    self.noted.append({"about": word, "statement": " ".join(text.split())[:_LONGEST]})
            if "lock_timeout" in lowered:
                self.noted[-1]["effect"] = _shown(cursor)
            return result

        Cursor.execute = execute
        return self

    def about(self, word):
        return [note for note in self.noted if note["about"] == word]


def _shown(cursor):
    """The setting that is in force now, asked beside Odoo's own cursor object: its results are not to be lost."""
    with cursor.connection.cursor() as beside:
        beside.execute("SHOW lock_timeout")
        return beside.fetchone()[0]
