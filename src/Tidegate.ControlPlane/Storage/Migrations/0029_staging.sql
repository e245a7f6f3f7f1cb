-- Tenants of which git says that their data are another's copy, and since when in these words.
create table staging_tenant (
    tenant text primary key,
    source text not null,
    time_zone text not null,
    terms jsonb not null,
    since timestamptz not null
);

create index staging_tenant_source on staging_tenant (source);

-- A copy that serves as a tenant ends when it is refreshed, and without a schedule not by itself.
alter table data_copy alter column expires_at drop not null;

alter table rollout drop constraint rollout_kind_check;
alter table rollout add constraint rollout_kind_check check (kind in ('release', 'healing', 'restore', 'refresh'));
