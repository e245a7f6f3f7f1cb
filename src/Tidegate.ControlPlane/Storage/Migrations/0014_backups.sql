-- The catalogue of each site's backups with what was proven of them, and how its archive stands.
create table cluster_backup (
    site text not null,
    label text not null,
    type text not null check (type in ('full', 'differential', 'incremental')),
    started_at timestamptz not null,
    stopped_at timestamptz not null,
    start_lsn text not null,
    stop_lsn text not null,
    start_segment text not null,
    stop_segment text not null,
    size bigint not null,
    repository_size bigint not null,
    prior text,
    needs text[] not null,
    has_page_errors boolean not null,
    job text,
    databases jsonb not null,
    expired_at timestamptz,
    level int not null default 0 check (level between 0 and 8),
    verified_at timestamptz,
    finding text,
    evidence jsonb,
    primary key (site, label)
);

create index cluster_backup_newest on cluster_backup (site, stopped_at desc) where expired_at is null;

create table archive_state (
    site text primary key,
    seen_at timestamptz not null,
    last_archived text,
    last_archived_at timestamptz,
    complete_from text,
    complete_to text,
    gap text,
    problem text
);

create table backup_schedule (
    site text primary key,
    full_every interval not null check (full_every > interval '0'),
    differential_every interval check (differential_every > interval '0'),
    set_by text not null,
    set_at timestamptz not null
);
