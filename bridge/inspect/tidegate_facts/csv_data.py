"""Records and references of a CSV file of data, whose name is its model."""

import csv
import io
import re

from .files import Unreadable, text

_MOST_COLUMNS = 1000


def read(path, content, loaded):
    model = path.rsplit("/", 1)[-1][: -len(".csv")].split("-", 1)[0]
    csv.field_size_limit(16 << 20)
    rows = csv.reader(io.StringIO(text(content), newline=""), strict=True)
    try:
        _rows(path, model, rows, loaded)
    except csv.Error as wrong:
        raise Unreadable("csv-malformed", str(wrong), rows.line_num) from None


def _rows(path, model, rows, loaded):
    header = next(rows, [])
    if len(header) > _MOST_COLUMNS:
        raise Unreadable("csv-malformed", f"{len(header)} columns")
    identity = header.index("id") if "id" in header else None
    links = [place for place, name in enumerate(header) if place != identity and re.search(r"[:/]id$", name)]
    fields = dict.fromkeys(re.split(r"[:/@.]", name, maxsplit=1)[0] for name in header if name)
    loaded.uses += [
        {"model": model, "field": name, "kind": "data", "file": path, "line": 1} for name in fields
    ]
    seen = set()
    for row in rows:
        if identity is not None and identity < len(row) and row[identity]:
            loaded.records.append({"id": row[identity], "model": model, "file": path, "line": rows.line_num})
        for place in links:
            for name in (row[place] if place < len(row) else "").split(","):
                if name.strip() and name.strip() not in seen:
                    seen.add(name.strip())
                    loaded.references.append({"id": name.strip(), "kind": "ref", "file": path, "line": rows.line_num})
