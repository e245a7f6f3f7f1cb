-- Starts that went past git or past gates, and what was said of them since. Nothing here is ever changed.
create table emergency (
    id text primary key,
    environment text not null,
    release_name text not null,
    release_digest text not null,
    rollout text not null unique references rollout (id),
    by text not null,
    reason text not null,
    -- Exactly the gates that it went past.
    overrides text[] not null,
    at timestamptz not null,
    expires timestamptz not null check (expires > at),
    -- Until when a second person has to say yes; null where none is asked.
    second_until timestamptz
);

create index emergency_environment on emergency (environment, at desc);

create table emergency_word (
    id bigint generated always as identity primary key,
    emergency text not null references emergency (id),
    said text not null check (said in ('seconded', 'halted', 'closed')),
    by text not null,
    at timestamptz not null,
    reason text,
    unique (emergency, said)
);

create function emergency_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'emergencies are append-only';
end
$$;

create trigger emergency_is_append_only before update or delete or truncate on emergency
    for each statement execute function emergency_is_append_only();
create trigger emergency_word_is_append_only before update or delete or truncate on emergency_word
    for each statement execute function emergency_is_append_only();
