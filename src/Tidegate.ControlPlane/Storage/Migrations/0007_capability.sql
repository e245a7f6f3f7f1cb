-- What was found by running a release in a sandbox: one row a digest, made again only when somebody asks.
create table capability (
    digest text primary key references release (digest),
    state text not null check (state in ('wanted', 'running', 'ended')),
    requested_at timestamptz not null,
    requested_by text not null,
    lease_owner text,
    lease_until timestamptz,
    made_at timestamptz,
    seconds double precision,
    site text,
    series text,
    record jsonb,
    failure text,
    check ((state = 'running') = (lease_owner is not null and lease_until is not null)),
    check (num_nulls(record, failure) = case when made_at is null then 2 else 1 end)
);
