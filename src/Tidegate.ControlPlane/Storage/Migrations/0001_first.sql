create table pool (
    name text primary key,
    site text not null,
    environment text not null,
    hosting text not null check (hosting in ('shared', 'dedicated')),
    workers int not null check (workers between 1 and 64)
);

create table release (
    name text primary key,
    digest text not null unique check (digest ~ '^sha256:[0-9a-f]{64}$'),
    declared_price_changes text[] not null default '{}',
    registered_at timestamptz not null,
    registered_by text not null
);

create table tenant (
    name text primary key,
    pool text not null references pool,
    database text not null,
    hosts text[] not null check (cardinality(hosts) > 0),
    time_zone text not null,
    profile jsonb not null,
    release text not null references release (digest)
);

create table tenant_host (
    host text primary key,
    tenant text not null references tenant on delete cascade
);

-- Fencing numbers: one sequence for the whole control plane, so that a later lease always carries a higher one.
create sequence epoch;

create table rollout (
    id text primary key,
    environment text not null,
    release_name text not null,
    release_digest text not null,
    plan_hash text not null,
    policy jsonb not null,
    excluded jsonb not null,
    state text not null default 'running' check (state in ('running', 'ended')),
    outcome text check (outcome in ('completed', 'completed_with_exceptions', 'halted', 'rolled_back')),
    reason text,
    started_by text not null,
    start_reason text,
    superseded_by text,
    created_at timestamptz not null,
    ended_at timestamptz,
    due_at timestamptz not null,
    lease_owner text,
    lease_until timestamptz,
    epoch bigint not null default 0,
    check ((state = 'ended') = (outcome is not null)),
    check ((state = 'ended') = (ended_at is not null))
);

create index rollout_due on rollout (due_at) where state = 'running';

create table upgrade (
    id text primary key,
    rollout text not null references rollout,
    tenant text not null,
    site text not null,
    wave int not null,
    ordinal int not null,
    target jsonb not null,
    steps jsonb not null,
    back jsonb not null,
    mode text not null check (mode in ('held', 'maintenance')),
    predicted_hold interval not null,
    checkpoint_bytes bigint not null,
    state text not null default 'pending' check (state in ('pending', 'forward', 'back', 'asking', 'ended')),
    position int not null default 0,
    attempts int not null default 0,
    due_at timestamptz not null,
    step_started_at timestamptz,
    ending text check (ending in ('completed', 'completed_with_exception', 'rolled_back', 'put_off', 'untouched')),
    reason text,
    evidence text,
    lease_owner text,
    lease_until timestamptz,
    epoch bigint not null default 0,
    started_at timestamptz,
    ended_at timestamptz,
    check (state <> 'ended' or ending is not null),
    check ((state = 'ended') = (ended_at is not null))
);

create index upgrade_due on upgrade (due_at, id) where state in ('forward', 'back');
create index upgrade_of_rollout on upgrade (rollout, wave, ordinal);

-- One upgrade at a time may work on a tenant.
create unique index upgrade_busy on upgrade (tenant) where state <> 'ended';

-- Every attempt at a step: the row is the intent, its outcome is filled in when it ended.
create table step_run (
    id bigint generated always as identity primary key,
    upgrade text not null references upgrade,
    step text not null,
    epoch bigint not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    outcome text check (outcome in ('done', 'not_yet', 'put_off', 'failed', 'unknown', 'threw')),
    summary text,
    check ((ended_at is null) = (outcome is null))
);

create index step_run_of_upgrade on step_run (upgrade, id);

create table ledger (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    kind text not null check (kind in ('intent', 'outcome', 'decision', 'command')),
    actor text not null,
    rollout text,
    upgrade text,
    tenant text,
    step text,
    epoch bigint,
    digest text,
    reason text
);

create function ledger_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the ledger is append-only';
end
$$;

create trigger ledger_is_append_only before update or delete or truncate on ledger
    for each statement execute function ledger_is_append_only();
