-- What rehearsals came to: the columns are what plans and gates ask, the record is what people read.
create table rehearsal (
    id text primary key,
    tenant text not null,
    site text not null,
    from_release text not null,
    from_digest text not null,
    to_release text not null,
    to_digest text not null,
    modules_fingerprint text not null,
    backup text not null,
    is_backup boolean not null,
    data_at timestamptz not null,
    started_at timestamptz not null,
    ended_at timestamptz not null,
    passed boolean not null,
    reason text not null,
    class text check (class in ('a', 'b', 'c', 'd', 'e')),
    parts jsonb,
    record jsonb not null
);

create index rehearsal_of_release on rehearsal (to_digest, tenant, ended_at desc);
create index rehearsal_of_tenant on rehearsal (tenant, ended_at desc);
create index rehearsal_ended on rehearsal (ended_at desc);
