-- What is asked of a release without reading its manifest; null is unknown.
alter table release
    add odoo text,
    add series text,
    add behaviour_changes text[] not null default '{}',
    add summary text not null default '',
    add risk text not null default 'normal' check (risk in ('low', 'normal', 'high')),
    add risk_reason text not null default '',
    add source_commit text check (source_commit ~ '^([0-9a-f]{40}|[0-9a-f]{64})$'),
    add source_clean boolean,
    -- SHA-256 of the manifest, by which the object store has it.
    add manifest text check (manifest ~ '^[0-9a-f]{64}$'),
    add blocked_at timestamptz,
    add blocked_by text,
    add block_reason text,
    add check (num_nulls(blocked_at, blocked_by, block_reason) in (0, 3));

-- One judging of a release by its files: asked for, taken by a server that has the bundle, ended. The latest that
-- ended is what the release's record says.
create table release_validation (
    id text primary key,
    release text not null references release,
    previous text references release,
    state text not null default 'queued' check (state in ('queued', 'running', 'ended', 'failed')),
    requested_at timestamptz not null,
    requested_by text not null,
    attempts int not null default 0,
    lease_owner text,
    lease_until timestamptz,
    ended_at timestamptz,
    errors int,
    warnings int,
    infos int,
    class text check (class in ('A', 'B', 'C', 'D', 'E')),
    report text check (report ~ '^[0-9a-f]{64}$'),
    failure text,
    check ((state in ('ended', 'failed')) = (ended_at is not null)),
    check ((state = 'failed') = (failure is not null)),
    check (num_nulls(errors, warnings, infos, report) = case when state = 'ended' then 0 else 4 end)
);

-- Ids are made from the clock: the last is the latest.
create index release_validation_ended on release_validation (release, id) where state = 'ended';

-- Asking twice is asking once.
create unique index release_validation_open on release_validation (release, coalesce(previous, ''))
    where state in ('queued', 'running');
