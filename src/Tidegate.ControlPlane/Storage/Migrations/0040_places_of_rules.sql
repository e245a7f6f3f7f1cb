-- Where in git the rule stands that a blocker comes from, and where each rule of an environment does.
alter table blocker add rule text;
alter table environment_terms add places jsonb not null default '{}';

create index blocker_subject on blocker (subject, since);
