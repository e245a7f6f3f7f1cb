-- Calendars as git has them, every set that ever was in force, named by its content: a decision is made again from
-- the set that it was made of.
create table calendar_set (
    id text primary key,
    calendars jsonb not null,
    taken_at timestamptz not null
);

-- The set in force; no row while git has no calendars.
create table calendar_in_force (
    only_one boolean primary key default true check (only_one),
    calendar_set text not null references calendar_set (id)
);

-- Tenants have their tags from now on: what git says of each is looked at once more.
alter table tenant add tags text[] not null default '{}';

insert into unsettled (kind, name)
select 'tenant', name from tenant where exists (select from source) on conflict do nothing;
