"""The file that says which databases a process serves."""

import json
import logging
import os

_logger = logging.getLogger(__name__)

_NOTHING = {"web": (), "cron": ()}


class ServedDatabases:
    """The lists in `{"web": [...], "cron": [...]}`, read again whenever the file was replaced.

    The file is replaced by a rename, never written in place. A file that is missing, broken or half right means
    that nothing is served: a wall that fails must fail closed. It never raises.
    """

    def __init__(self, path):
        self._path = path
        self._read = (None, _NOTHING)

    @property
    def web(self):
        """Names of the databases whose requests are answered."""
        return self._current()["web"]

    @property
    def cron(self):
        """Names of the databases whose scheduled jobs run."""
        return self._current()["cron"]

    def _current(self):
        mark, lists = self._read
        now = _mark(self._path)
        if now is None or now != mark:
            mark, lists = self._load()
            self._read = (mark, lists)
        return lists

    def _load(self):
        try:
            with open(self._path, encoding="utf-8") as file:
                mark = _mark(file.fileno())
                content = json.load(file)
            lists = {name: _names(content, name) for name in _NOTHING}
        except (OSError, ValueError, TypeError) as error:
            if self._read[1] is not _NOTHING or self._read[0] is None:
                _logger.error("Nothing is served: %s cannot be used: %s", self._path, error)
            return ("broken",), _NOTHING
        _logger.info("Served databases read: %d for web, %d for cron", len(lists["web"]), len(lists["cron"]))
        return mark, lists


def _mark(file):
    """What changes when another file takes the place: two versions exist at once, so their inodes differ."""
    try:
        found = os.stat(file)
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _names(content, name):
    names = content[name] if isinstance(content, dict) and name in content else None
    if not isinstance(names, list) or not all(isinstance(entry, str) and entry for entry in names):
        raise ValueError(f'"{name}" is not a list of database names')
    return tuple(dict.fromkeys(names))
