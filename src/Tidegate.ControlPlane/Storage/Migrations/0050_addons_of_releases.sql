-- What a release's addons were built of: each folder with its commit and what led to it. Of releases that were
-- registered before this it is not known.
alter table release add column addons jsonb not null default '[]';
