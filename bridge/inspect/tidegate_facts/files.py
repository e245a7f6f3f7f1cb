"""The files of a module, and the limits within which they are read."""

import os

#: Larger ones are named and not read. The largest data file of Odoo itself has 3 MB.
LARGEST = 16 << 20

_SKIPPED = {"__pycache__", ".git", ".hg", ".svn", ".bzr", "CVS", "node_modules"}


class Unreadable(Exception):
    """A file cannot be read as what it should be."""

    def __init__(self, code, message, line=1):
        super().__init__(message)
        self.code = code
        self.message = message
        self.line = line


def listed(folder):
    """Paths below the folder, sorted. Links are not followed and not listed."""
    found = []
    pending = [""]
    while pending:
        below = pending.pop()
        with os.scandir(os.path.join(folder, below)) as entries:
            for entry in entries:
                path = f"{below}/{entry.name}" if below else entry.name
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in _SKIPPED:
                        pending.append(path)
                elif entry.is_file(follow_symlinks=False):
                    found.append(path)
    return sorted(found)


def read(folder, path):
    """The bytes of a file, or Unreadable."""
    full = os.path.join(folder, path)
    size = os.path.getsize(full)
    if size > LARGEST:
        raise Unreadable("file-too-large", f"{size >> 20} MB; {LARGEST >> 20} MB are read")
    with open(full, "rb") as file:
        return file.read(LARGEST + 1)


def text(content):
    """UTF-8 text, or Unreadable with the line."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        raise Unreadable("file-not-utf8", f"byte {content[wrong.start]:#04x} is not UTF-8", line) from None


def is_test(path):
    return path.startswith("tests/") or "/tests/" in path
