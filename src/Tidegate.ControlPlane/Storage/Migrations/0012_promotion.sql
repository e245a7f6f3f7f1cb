-- What becomes of planned work until it starts: when it is looked at next, what its gates said, what a person ordered.
alter table planned_work
    add wake_at timestamptz not null default 'epoch',
    add judged_at timestamptz,
    add gates jsonb,
    add start_by text,
    add start_at timestamptz,
    add start_reason text,
    add older boolean not null default false,
    add check (num_nulls(judged_at, gates) in (0, 2)),
    add check (num_nulls(start_by, start_at) in (0, 2)),
    add check (start_by is not null or (start_reason is null and not older));

create index planned_work_due on planned_work (wake_at, id) where state = 'waiting';

-- After a rollout of a digest went back in an environment, automation does not promote it there until a person lifts this.
create table promotion_hold (
    id bigint generated always as identity primary key,
    environment text not null,
    release_name text not null,
    release_digest text not null check (release_digest ~ '^sha256:[0-9a-f]{64}$'),
    since timestamptz not null,
    rollout text not null references rollout,
    reason text not null,
    lifted_at timestamptz,
    lifted_by text,
    lift_reason text,
    check (num_nulls(lifted_at, lifted_by, lift_reason) in (0, 3))
);

create unique index promotion_hold_open on promotion_hold (environment, release_digest) where lifted_at is null;
create index promotion_hold_of_digest on promotion_hold (environment, release_digest, lifted_at);

-- How a digest stands in an environment; which rollouts went back, again and again.
create index rollout_went_back on rollout (environment, release_digest) where outcome in ('rolled_back', 'halted');
create index rollout_went_through on rollout (environment, release_digest, ended_at)
    where outcome in ('completed', 'completed_with_exceptions');
