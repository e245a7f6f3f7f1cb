-- A site is a PostgreSQL cluster for tenants, known by its system identifier: two homes cannot be one site.
create table site (
    name text primary key,
    cluster text not null,
    first_seen timestamptz not null default clock_timestamp(),
    heartbeat_at timestamptz not null default clock_timestamp(),
    bundles text[] not null default '{}'
);

-- What a site's own server is asked to do: whoever asks may be another server.
create table site_request (
    id bigint generated always as identity primary key,
    site text not null,
    kind text not null,
    payload jsonb not null,
    actor text not null,
    asked_at timestamptz not null default clock_timestamp(),
    state text not null default 'waiting' check (state in ('waiting', 'claimed', 'answered', 'failed', 'withdrawn')),
    answer jsonb,
    failure text,
    attempts int not null default 0,
    lease_owner text,
    lease_until timestamptz,
    epoch bigint not null default 0,
    check ((state = 'answered') = (answer is not null)),
    check ((state = 'failed') = (failure is not null))
);

create index site_request_due on site_request (site, id) where state in ('waiting', 'claimed');
create index site_request_asked on site_request (asked_at);

-- Most tenants of a release have the same modules: each set is kept once, under the digest of its text.
create table observed_modules (
    digest text primary key,
    content text not null,
    used_at timestamptz not null
);

-- What was last seen of a tenant's database, and of which tenant: of another database or release it says nothing.
create table tenant_observation (
    tenant text primary key references tenant on delete cascade,
    observed_at timestamptz not null,
    database text not null,
    release text not null,
    database_bytes bigint,
    modules text references observed_modules,
    obstacles text[] not null default '{}',
    unreadable text,
    check ((unreadable is null) = (modules is not null and database_bytes is not null))
);

create index tenant_observation_modules on tenant_observation (modules);
