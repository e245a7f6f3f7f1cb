-- Drills that were played to an end, good or bad.
create table drill (
    id text primary key,
    site text not null,
    scenario text not null,
    tenant text,
    started_at timestamptz not null,
    ended_at timestamptz not null,
    verdict text not null check (verdict in ('pass', 'fail', 'inconclusive', 'error')),
    result jsonb not null,
    report text not null
);

create index drill_newest on drill (scenario, site, tenant, ended_at desc);
create index drill_by_time on drill (ended_at desc, id);
