-- Schedule and retention of each site's backups, as git says them.
create table site_backup_terms (
    site text primary key,
    terms jsonb not null
);
