-- What calendars are asked about before a tenant begins. Null for a way back: none can stop it.
alter table rollout
    add start_kind text check (start_kind in ('automatic', 'manual', 'healing')),
    add release_class text,
    add release_risk text;

update rollout
   set start_kind = case kind when 'healing' then 'healing' else 'manual' end
 where state = 'running' and kind <> 'restore';

-- How long a tenant needs with its way back, and the openings of windows that it uses which let only so many start.
alter table upgrade
    add need interval not null default '0',
    add openings text[];

create index upgrade_in_opening on upgrade using gin (openings) where openings is not null;
