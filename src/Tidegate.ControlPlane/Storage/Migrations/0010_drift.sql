-- A healing puts live state right again; it is carried out as a rollout is, and is none of a release.
alter table rollout
    add kind text not null default 'release' check (kind in ('release', 'healing'));

-- What was last done to a tenant, and when.
create index upgrade_of_tenant on upgrade (tenant, ended_at desc) where state = 'ended';

-- Live state that differs, as it was last seen. A row is there as long as the difference is.
create table drift (
    site text not null,
    subject text not null,
    aspect text not null check (aspect in ('rights', 'generation', 'route', 'modules')),
    code text not null,
    item text not null,
    environment text,
    expected text not null,
    found text not null,
    cause text not null check (cause in ('manual', 'behind')),
    first_seen timestamptz not null,
    last_seen timestamptz not null,
    primary key (site, subject, code, item)
);

create index drift_of_subject on drift (subject);

-- The last look at each site: how many tenants were judged, and what could not be.
create table drift_check (
    site text primary key,
    checked_at timestamptz not null,
    seconds double precision not null,
    judged int not null,
    busy int not null,
    unknown jsonb not null
);
