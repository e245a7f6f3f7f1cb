"""What a client may ask, checked before anything is started."""

from dataclasses import dataclass, field
from pathlib import Path


class BadRequest(Exception):
    """The request cannot be understood; its text says why."""


@dataclass(frozen=True)
class Job:
    """One migration or journey. The id is the idempotency key; the result file is its memory."""

    id: str
    op: str
    tenant: str
    database: str
    epoch: int
    log: Path
    result: Path
    modules: tuple = ()
    name: str = ""
    params: dict = field(default_factory=dict)

    @property
    def application_name(self):
        """Under which PostgreSQL shows the job's sessions, so that a successor can end those of a lower epoch."""
        return f"tidegate:{self.tenant}:{self.epoch}"

    def param(self, name):
        """A parameter that the journey cannot do without."""
        if name not in self.params:
            raise BadRequest(f'the journey "{self.name}" needs "{name}" in its "params"')
        return self.params[name]


def read_job(request, journeys):
    """The job in a `migrate` or `journey` request."""
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
        name=text(request, "name") if op == "journey" else "",
        params=_typed(request, "params", dict) if op == "journey" else {},
    )
    if op == "migrate" and not (job.modules and all(isinstance(module, str) and module for module in job.modules)):
        raise BadRequest('"modules" must name at least one module')
    if op == "journey" and job.name not in journeys:
        raise BadRequest(f'unknown journey "{job.name}"; there are {", ".join(sorted(journeys))}')
    return job


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
