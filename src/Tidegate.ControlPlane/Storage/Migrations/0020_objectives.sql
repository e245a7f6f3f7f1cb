-- Recovery objectives of business processes, as git says them.
create table recovery_objective (
    name text primary key,
    terms jsonb not null,
    tenants text[] not null
);

create index recovery_objective_of_tenant on recovery_objective using gin (tenants);
