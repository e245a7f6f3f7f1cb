"""What a client may ask, checked before anything is started."""

from dataclasses import dataclass
from pathlib import Path


class BadRequest(Exception):
    """The request cannot be understood; its text says why."""


@dataclass(frozen=True)
class Journey:
    """One journey through a database, and what it needs to know."""

    name: str
    database: str
    params: dict

    def param(self, name):
        """A parameter that the journey cannot do without."""
        if name not in self.params:
            raise BadRequest(f'the journey "{self.name}" needs "{name}"')
        return self.params[name]


@dataclass(frozen=True)
class Job:
    """One migration, or journeys. The id is the idempotency key; the result file is its memory."""

    id: str
    op: str
    tenant: str
    database: str
    epoch: int
    log: Path
    result: Path
    modules: tuple = ()
    journeys: tuple = ()

    @property
    def application_name(self):
        """Under which PostgreSQL shows the job's sessions, so that a successor can end those of a lower epoch."""
        return f"tidegate:{self.tenant}:{self.epoch}"


def read_job(request, known):
    """The job in a `migrate` or `journeys` request; `known` are the names of the journeys that there are."""
    op = request["op"]
    job = Job(
        id=text(request, "id"),
        op=op,
        tenant=text(request, "tenant"),
        database=text(request, "database"),
        epoch=_typed(request, "epoch", int),
        log=_path(request, "log"),
        result=_path(request, "result"),
        modules=tuple(_typed(request, "modules", list)) if op == "migrate" else (),
        journeys=_journeys(request, known) if op == "journeys" else (),
    )
    if op == "migrate" and not (job.modules and all(isinstance(module, str) and module for module in job.modules)):
        raise BadRequest('"modules" must name at least one module')
    return job


def _journeys(request, known):
    asked = _typed(request, "journeys", dict)
    if not asked:
        raise BadRequest('"journeys" must name at least one journey')
    for name, params in asked.items():
        if name not in known:
            raise BadRequest(f'unknown journey "{name}"; there are {", ".join(sorted(known))}')
        if not isinstance(params, dict):
            raise BadRequest(f'"journeys": what "{name}" needs to know is not dict')
    return tuple(Journey(name, text(request, "database"), params) for name, params in asked.items())


def text(request, key):
    """A field that must be there and not empty."""
    value = _typed(request, key, str)
    if not value or "\0" in value:
        raise BadRequest(f'"{key}" is empty')
    return value


def _typed(request, key, kind):
    value = request.get(key)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise BadRequest(f'"{key}" is missing or not {kind.__name__}')
    return value


def _path(request, key):
    path = Path(text(request, key))
    if not path.is_absolute():
        raise BadRequest(f'"{key}" is not an absolute path')
    return path
