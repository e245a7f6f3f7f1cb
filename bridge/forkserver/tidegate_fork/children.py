"""Forks a child per job, and says how each ended."""

import logging
import os
import signal
import time
from dataclasses import dataclass, field

from . import results
from .child import run_child

_logger = logging.getLogger(__name__)


@dataclass
class Running:
    """A job whose child lives."""

    job: object
    pid: int
    started: float
    waiters: list = field(default_factory=list)

    @property
    def wall_s(self):
        return round(time.monotonic() - self.started, 3)


class Children:
    """The running jobs by id."""

    def __init__(self, series):
        self._series = series
        self._running = {}

    def __len__(self):
        return len(self._running)

    @property
    def journeys(self):
        """Names of the journeys this series has."""
        return self._series.JOURNEYS.keys()

    def find(self, job_id):
        """The running job of that id, or None."""
        return self._running.get(job_id)

    def start(self, job, let_go):
        """Forks the child, which calls `let_go` first. It leads its own process group and dies with this process."""
        results.begin(job)
        parent = os.getpid()
        try:
            pid = os.fork()
        except OSError:
            results.forget(job)
            raise
        if pid == 0:
            run_child(self._series, job, parent, let_go)
        _lead_own_group(pid)
        self._running[job.id] = running = Running(job, pid, time.monotonic())
        _logger.info("%s %s of %s started as %d", job.op, job.id, job.database, pid)
        return running

    def end(self, running):
        """Kills a job's whole process group; it is reaped like any other."""
        _kill_group(running.pid)

    def end_all(self):
        """Kills every job."""
        for running in self._running.values():
            _kill_group(running.pid)

    def reap(self):
        """Yields (running, result) of each child that has ended, its result written."""
        for running in list(self._running.values()):
            pid, status, usage = os.wait4(running.pid, os.WNOHANG)
            if pid:
                del self._running[running.job.id]
                # What the child itself started must not outlive the job.
                _kill_group(running.pid)
                yield running, _record(running, status, usage)

    def describe(self):
        """Facts about every running job."""
        return [
            {
                "id": running.job.id,
                "op": running.job.op,
                "tenant": running.job.tenant,
                "database": running.job.database,
                "epoch": running.job.epoch,
                "pid": running.pid,
                "wall_s": running.wall_s,
            }
            for running in self._running.values()
        ]


def _record(running, status, usage):
    job, code = running.job, os.waitstatus_to_exitcode(status)
    result = {
        "id": job.id,
        "exit": code if code >= 0 else None,
        "signal": -code if code < 0 else None,
        "wall_s": running.wall_s,
        "cpu_s": round(usage.ru_utime + usage.ru_stime, 3),
        "peak_mb": round(usage.ru_maxrss / 1024, 1),
    }
    _logger.info("%s %s ended: exit %s, signal %s", job.op, job.id, result["exit"], result["signal"])
    try:
        return results.ended(job, result)
    except (OSError, ValueError) as error:
        _logger.error("The result of %s could not be kept: %s", job.id, error)
        return {**result, "error": f"the result could not be kept: {error}"}


def _lead_own_group(pid):
    """Parent and child both set the group, so that neither can act before it is set."""
    try:
        os.setpgid(pid, pid)
    except (PermissionError, ProcessLookupError):
        pass


def _kill_group(pid):
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
