-- When each owner of blockers began the look that it last spoke of: what an older look saw is not said any more.
create table blocker_look (
    owner text primary key,
    begun_at timestamptz not null
);
