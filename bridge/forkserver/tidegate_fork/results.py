"""What remembers a job beyond the life of this process: a mark when it begins, its result when it has ended."""

import json
import os


def write(path, content):
    """Writes JSON so that a reader sees all of it or nothing, also after a power cut."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump(content, file, default=str)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def read(path):
    """What was written, or None."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return None


def begin(job):
    """Marks that the job has begun, before it can touch anything."""
    job.result.parent.mkdir(parents=True, exist_ok=True)
    value_path(job).unlink(missing_ok=True)
    write(_began_path(job), {"id": job.id})


def forget(job):
    """Takes the mark back: the job did not begin after all."""
    _began_path(job).unlink(missing_ok=True)


def lost(job):
    """The result of a migration that began under a fork server which died with it; None when there was none.

    Its database is half migrated for all we know, so it must not be begun a second time. Journeys leave no trace
    and may simply be made again.
    """
    if job.op != "migrate" or read(_began_path(job)) is None:
        return None
    return ended(job, {"id": job.id, "exit": None, "signal": None, "wall_s": 0, "cpu_s": 0, "peak_mb": 0})


def ended(job, result):
    """Writes the result, with the child's own answer as `value`, and returns it."""
    result = {**result, "value": _take_value(job)}
    write(job.result, result)
    _began_path(job).unlink(missing_ok=True)
    return result


def value_path(job):
    """Where a child leaves its own answer."""
    return job.result.with_name(f".{job.result.name}.value")


def _began_path(job):
    return job.result.with_name(f".{job.result.name}.began")


def _take_value(job):
    path = value_path(job)
    try:
        return read(path)
    finally:
        path.unlink(missing_ok=True)
