"""The life of a child: cut loose from the parent, do one job, leave an answer, go."""

import ctypes
import logging
import os
import signal
import time

from . import results

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)
_logger = logging.getLogger(__name__)

#: What Odoo's command line ends with when it could not do what it was asked: -1, as a shell shows it.
EXIT_FAILED = 255

#: A journey that ran and did not come out well.
EXIT_JOURNEY_FAILED = 1


def run_child(series, job, parent, let_go):
    """Never returns. Ends by os._exit, so that nothing of the parent's is cleaned up twice."""
    code = EXIT_FAILED
    try:
        let_go()
        _cut_loose(job, parent)
        series.prepare(job)
        code = _migrate(series, job) if job.op == "migrate" else _journey(series, job)
    except BaseException:
        _logger.critical("%s %s failed", job.op, job.id, exc_info=True)
    finally:
        logging.shutdown()
        os._exit(code)


def _cut_loose(job, parent):
    _die_with(parent)
    os.setpgid(0, 0)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    job.log.parent.mkdir(parents=True, exist_ok=True)
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(job.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    for source, standard in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, standard)
    os.close(nothing)
    os.close(log)
    os.environ["PGAPPNAME"] = job.application_name


def _die_with(parent):
    """A migration without the parent that answers for it is worthless: its copy is made anew."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(EXIT_FAILED)


def _migrate(series, job):
    return 0 if series.migrate(job) else EXIT_FAILED


def _journey(series, job):
    started = time.monotonic()
    value = {"asked": job.params}
    try:
        value["came_back"] = series.JOURNEYS[job.name](job)
        return 0
    except Exception as error:
        _logger.exception("Journey %s failed", job.name)
        value["error"] = f"{type(error).__name__}: {error}"
        return EXIT_JOURNEY_FAILED
    finally:
        value["duration_s"] = round(time.monotonic() - started, 3)
        results.write(results.value_path(job), value)
