"""The socket: one thread, one selector, no work of its own."""

import logging
import os
import selectors
import signal
import socket

from . import results
from .client import Client
from .requests import BadRequest, read_job, text

_logger = logging.getLogger(__name__)


class Server:
    """Answers clients. A client that leaves ends nothing; whoever asks for the same id again gets the answer."""

    def __init__(self, path, children):
        self._path = path
        self._children = children
        self._selector = selectors.DefaultSelector()
        self._stop_requested = False
        self._stop_waiters = []
        self._operations = {
            "ping": self._ping,
            "list": self._list,
            "migrate": self._start,
            "journeys": self._start,
            "end": self._end,
            "stop": self._stop,
        }

    def serve(self):
        """Returns after a `stop` or SIGTERM, when every child has ended."""
        listener, wake = _listen(self._path), _wake_on_signals()
        self._selector.register(listener, selectors.EVENT_READ, lambda events: self._accept(listener))
        self._selector.register(wake, selectors.EVENT_READ, lambda events: self._signalled(wake))
        _logger.info("Listening on %s", self._path)
        while not self._stop_requested or len(self._children):
            for key, events in self._selector.select():
                key.data(events)
        for client, request in self._stop_waiters:
            client.send_last({**_echo(request), "stopped": True})
        self._path.unlink(missing_ok=True)
        _logger.info("Stopped")

    def _accept(self, listener):
        try:
            connection, _ = listener.accept()
        except OSError as error:
            # Out of descriptors, or the client has left already. The running jobs must not pay for it.
            _logger.warning("A client could not be let in: %s", error)
            return
        Client(connection, self._selector, self._handle).open()

    def _signalled(self, wake):
        if signal.SIGTERM in wake.recv(4096):
            self._stop(None, {})
        for running, result in self._children.reap():
            for client in running.waiters:
                client.send(result)

    def _handle(self, client, request):
        try:
            operation = self._operations.get(text(request, "op"))
            if operation is None:
                raise BadRequest(f'unknown "op"; there are {", ".join(self._operations)}')
            operation(client, request)
        except (BadRequest, OSError, ValueError) as error:
            _logger.warning("Request refused: %s", error)
            client.send({**_echo(request), "error": str(error)})

    def _ping(self, client, request):
        client.send({**_echo(request), "pid": os.getpid(), "running": len(self._children)})

    def _list(self, client, request):
        client.send({**_echo(request), "jobs": self._children.describe()})

    def _start(self, client, request):
        job = read_job(request, self._children.journeys)
        running = self._children.find(job.id)
        if running is None:
            if result := self._result_of(job):
                client.send(result)
                return
            if self._stop_requested:
                raise BadRequest("the fork server is stopping")
            running = self._children.start(job, self._let_go)
        running.waiters.append(client)

    @staticmethod
    def _result_of(job):
        result = results.read(job.result)
        if result is not None and (not isinstance(result, dict) or result.get("id") != job.id):
            raise BadRequest(f"{job.result} holds something else than the result of {job.id}")
        return result or results.lost(job)

    def _end(self, client, request):
        running = self._children.find(text(request, "id"))
        if running is None:
            client.send({**_echo(request), "running": False})
            return
        running.waiters.append(client)
        self._children.end(running)

    def _stop(self, client, request):
        self._stop_requested = True
        if client is not None:
            self._stop_waiters.append((client, request))
        self._children.end_all()

    def _let_go(self):
        """In a child: closes everything here, so that it neither answers clients nor keeps the socket alive."""
        signal.set_wakeup_fd(-1)
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()
        self._selector.close()


def _echo(request):
    return {key: request[key] for key in ("op", "id") if key in request}


def _listen(path):
    """A socket that only this user and root may use; takes the place of one that nobody answers any more."""
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.connect(str(path))
    except FileNotFoundError:
        pass
    except ConnectionRefusedError:
        path.unlink()
    else:
        raise SystemExit(f"tidegate_forkserver: another one already answers on {path}")
    listener.close()
    listener = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    listener.listen()
    listener.setblocking(False)
    return listener


def _wake_on_signals():
    """A socket that receives one byte per signal: its number."""
    wake, write = socket.socketpair()
    write.setblocking(False)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    # Detached: it belongs to the interpreter from here on.
    signal.set_wakeup_fd(write.detach(), warn_on_full_buffer=False)
    return wake
