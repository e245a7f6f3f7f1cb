"""One connection: lines of JSON in, lines of JSON out, never blocking the server."""

import json
import selectors

_LONGEST_LINE = 4 * 1024 * 1024


class Client:
    """Calls `handle(client, request)` for each whole line."""

    def __init__(self, connection, selector, handle):
        self._connection = connection
        self._selector = selector
        self._handle = handle
        self._incoming = b""
        self._outgoing = b""

    def open(self):
        self._connection.setblocking(False)
        self._selector.register(self._connection, selectors.EVENT_READ, self._ready)

    def send(self, answer):
        """Sends what the connection takes and the rest when it can; nothing if the client has left."""
        if self._connection.fileno() < 0:
            return
        self._outgoing += json.dumps(answer, default=str).encode() + b"\n"
        self._flush()

    def send_last(self, answer):
        """Sends before the server goes away: may block for a second."""
        if self._connection.fileno() >= 0:
            self._connection.settimeout(1)
            self.send(answer)

    def _ready(self, events):
        if events & selectors.EVENT_WRITE:
            self._flush()
        if events & selectors.EVENT_READ and self._connection.fileno() >= 0:
            self._receive()

    def _receive(self):
        try:
            data = self._connection.recv(65536)
        except BlockingIOError:
            return
        except ConnectionError:
            data = b""
        if not data:
            self._close()
            return
        *lines, self._incoming = (self._incoming + data).split(b"\n")
        for line in lines:
            self._line(line)
        if len(self._incoming) > _LONGEST_LINE:
            self._close()

    def _line(self, line):
        try:
            request = json.loads(line)
        except (ValueError, RecursionError):
            request = None
        if isinstance(request, dict):
            self._handle(self, request)
        elif line.strip():
            self.send({"error": "not a JSON object"})

    def _flush(self):
        try:
            sent = self._connection.send(self._outgoing)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._close()
            return
        self._outgoing = self._outgoing[sent:]
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._outgoing else 0)
        self._selector.modify(self._connection, wanted, self._ready)

    def _close(self):
        if self._connection.fileno() >= 0:
            self._selector.unregister(self._connection)
            self._connection.close()
