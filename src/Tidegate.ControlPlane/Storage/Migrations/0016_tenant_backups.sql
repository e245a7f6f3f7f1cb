-- Backups of single tenants: what is in the sites' object stores. A row is written after its manifest.
create table tenant_backup (
    id text primary key,
    tenant text not null,
    site text not null,
    job text not null,
    kept text not null check (kept in ('scheduled', 'manual', 'evidence')),
    keep_until timestamptz,
    taken_at timestamptz not null,
    release text not null,
    manifest text not null,
    manifest_sha256 text not null,
    is_encrypted boolean not null,
    database_bytes bigint not null,
    dump_bytes bigint not null,
    files int not null,
    file_bytes bigint not null,
    new_bytes bigint not null,
    faults int not null,
    verified_at timestamptz,
    is_good boolean,
    finding text,
    expired_at timestamptz,
    check ((verified_at is null) = (is_good is null) and (is_good is null) = (finding is null))
);

create index tenant_backup_newest on tenant_backup (tenant, taken_at desc) where expired_at is null;

-- Objects that a verification found missing or changed: no later backup counts on them.
create table damaged_object (
    site text not null,
    tenant text not null,
    key text not null,
    what text not null,
    found_at timestamptz not null,
    primary key (site, tenant, key)
);
