-- What limits of risk count of a tenant.
alter table tenant
    add stores int not null default 1 check (stores > 0),
    add revenue int not null default 1 check (revenue > 0);

-- What keeps tenants of a rollout from beginning are not calendars alone.
update blocker set owner = 'rollout/' || substr(owner, length('calendar/') + 1) where owner like 'calendar/%';
