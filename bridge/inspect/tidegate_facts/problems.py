"""What could not be read, collected while the rest goes on."""

from .files import Unreadable

#: Of one module; more would only hide the first.
_MOST = 100


class Problems:
    def __init__(self):
        self.found = []

    def add(self, code, path, line, message):
        if len(self.found) < _MOST:
            self.found.append({"code": code, "file": path, "line": line or 1, "message": message[:300]})

    def attempt(self, path, action):
        """What `action` gives; None with a problem noted when the file is not what it should be."""
        try:
            return action()
        except Unreadable as wrong:
            self.add(wrong.code, path, wrong.line, wrong.message)
        except OSError as wrong:
            self.add("file-unreadable", path, 1, wrong.strerror or str(wrong))
        except (RecursionError, MemoryError):
            self.add("file-too-deep", path, 1, "nested too deeply, or needs too much memory, to be read")
        return None
