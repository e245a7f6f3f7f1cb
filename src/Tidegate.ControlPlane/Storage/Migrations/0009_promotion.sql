-- What git asks for and nobody has done yet, or somebody did: one row each time an environment asks for another release.
create table planned_work (
    id bigint generated always as identity primary key,
    environment text not null,
    release_name text not null,
    release_digest text not null check (release_digest ~ '^sha256:[0-9a-f]{64}$'),
    commit text not null,
    author text not null,
    requested_at timestamptz not null,
    state text not null default 'waiting' check (state in ('waiting', 'started', 'superseded', 'done', 'dropped')),
    rollout text references rollout,
    settled_at timestamptz,
    check ((state in ('waiting', 'started')) = (settled_at is null)),
    check (state <> 'started' or rollout is not null)
);

-- What an environment waits for is one thing: the newest.
create unique index planned_work_waiting on planned_work (environment) where state = 'waiting';
create index planned_work_of_environment on planned_work (environment, id desc);
create index planned_work_started on planned_work (rollout) where state = 'started';
