"""The life of a child: cut loose from the parent, do one job, leave an answer, go."""

import ctypes
import json
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

#: A journey that did not come out well.
EXIT_JOURNEY_FAILED = 1


def run_child(series, job, parent, let_go):
    """Never returns. Ends by os._exit, so that nothing of the parent's is cleaned up twice."""
    code = EXIT_FAILED
    try:
        let_go()
        _cut_loose(job, parent)
        series.prepare(job)
        code = _migrate(series, job) if job.op == "migrate" else _journeys(series, job)
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


def _journeys(series, job):
    """All journeys of the job, each in a process of its own that is forked when the database's registry is loaded.

    Loading it costs more than most journeys do.
    """
    try:
        series.load(job.database)
    except Exception as error:
        _logger.exception("No journey can be made")
        answers = {journey.name: _not_well(journey, error, 0) for journey in job.journeys}
    else:
        made = {journey.name: _fork(series, journey) for journey in job.journeys}
        answers = {name: _answer(*one) for name, one in made.items()}
    results.write(results.value_path(job), answers)
    return EXIT_JOURNEY_FAILED if any("error" in answer for answer in answers.values()) else 0


def _fork(series, journey):
    """Process, pipe of its answer, and the journey."""
    parent = os.getpid()
    answer, own = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            _die_with(parent)
            os.close(answer)
            with open(own, "w", encoding="utf-8") as pipe:
                json.dump(_make(series, journey), pipe, default=str)
        except BaseException:
            _logger.critical("Journey %s has no answer", journey.name, exc_info=True)
        finally:
            logging.shutdown()
            os._exit(0)
    os.close(own)
    return pid, answer, journey


def _answer(pid, answer, journey):
    with open(answer, encoding="utf-8") as pipe:
        text = pipe.read()
    _, status = os.waitpid(pid, 0)
    try:
        return json.loads(text)
    except ValueError:
        code = os.waitstatus_to_exitcode(status)
        return _not_well(journey, RuntimeError(f"it ended with {code} and no answer"), 0)


def _make(series, journey):
    started = time.monotonic()
    try:
        came_back = series.JOURNEYS[journey.name](journey)
    except Exception as error:
        _logger.exception("Journey %s failed", journey.name)
        return _not_well(journey, error, time.monotonic() - started)
    return {"asked": journey.params, "came_back": came_back, "duration_s": round(time.monotonic() - started, 3)}


def _not_well(journey, error, seconds):
    return {"asked": journey.params, "error": f"{type(error).__name__}: {error}", "duration_s": round(seconds, 3)}
