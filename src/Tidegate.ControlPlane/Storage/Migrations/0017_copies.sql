-- Every second instance of a tenant's data beside its checkpoints, which their sites list themselves.
create table data_copy (
    id text primary key,
    kind text not null check (kind in ('generation', 'rehearsal', 'drill', 'export', 'staging', 'restored', 'replaced')),
    tenant text not null,
    site text not null,
    owner text not null,
    purpose text not null,
    job text,
    database text,
    folder text,
    place text not null generated always as (coalesce(database, folder)) stored,
    bytes bigint not null check (bytes >= 0),
    is_masked boolean not null,
    made_at timestamptz not null,
    expires_at timestamptz not null,
    gone_at timestamptz,
    check (database is not null or folder is not null)
);

create unique index data_copy_place on data_copy (site, place) where gone_at is null;
create index data_copy_tenant on data_copy (tenant) where gone_at is null;
create index data_copy_due on data_copy (site, expires_at) where gone_at is null;
