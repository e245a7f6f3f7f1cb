-- Whose commits brought the fleet from the state in force before to the one that was taken then. Of what was taken
-- before this it is not known.
create table taken_range (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    commits jsonb not null,
    unread text
);

create index taken_range_at on taken_range (at);
