-- Long work of a site beside its rollouts: backups, restores, rehearsals, drills.
create table job (
    id text primary key,
    site text not null,
    kind text not null,
    subject text not null,
    lane text,
    key text,
    payload jsonb not null,
    actor text not null,
    reason text,
    created_at timestamptz not null,
    due_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz,
    state text not null default 'waiting' check (state in ('waiting', 'running', 'cleaning', 'ended')),
    outcome text check (outcome in ('done', 'failed', 'cancelled')),
    progress jsonb,
    facts jsonb,
    result jsonb,
    failure text,
    cancel_asked_by text,
    attempts int not null default 0,
    lease_owner text,
    lease_until timestamptz,
    epoch bigint not null default 0,
    check ((state in ('cleaning', 'ended')) = (outcome is not null)),
    check ((state = 'ended') = (ended_at is not null)),
    check (outcome is distinct from 'failed' or failure is not null)
);

create index job_due on job (site, due_at, id) where state <> 'ended';
create index job_of_subject on job (kind, subject, created_at);

-- One job of a lane at once; one unended job of a key.
create unique index job_lane on job (site, lane) where state in ('running', 'cleaning');
create unique index job_key on job (key) where state <> 'ended';
