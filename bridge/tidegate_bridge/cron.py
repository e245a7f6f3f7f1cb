"""Guards of the cron process: a database that left the list gets no further job, one that runs is left alone."""

import logging
from functools import wraps

_logger = logging.getLogger(__name__)


def guard_poll(process_jobs, served):
    """Looks at the list when a database's turn comes: Odoo's queue may be older than the list."""

    @wraps(process_jobs)
    def guarded(database):
        if database in served.cron:
            process_jobs(database)

    return guarded


def guard_acquire(acquire_one_job, served):
    """Looks at the list again once a job's row is locked, and gives the row back if the database has left.

    Whoever takes a database off the list and then sees no locked job may rely on it: a job that is locked later
    is given back here before it runs.
    """

    @wraps(acquire_one_job)
    def guarded(cursor, job_id, *, include_not_ready=False):
        job = acquire_one_job(cursor, job_id, include_not_ready=include_not_ready)
        if job is None or include_not_ready or cursor.dbname in served.cron:
            return job
        cursor.rollback()
        _logger.info("Job %s of %s not started: the database has left", job_id, cursor.dbname)
        return None

    return guarded
