-- Tables and columns that a release removes on purpose.
alter table release add declared_drops text[] not null default '{}';
