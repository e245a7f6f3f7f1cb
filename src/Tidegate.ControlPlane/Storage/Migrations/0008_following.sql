-- What the desired state says of each environment, as it was taken from git.
create table environment_terms (
    environment text primary key,
    release_name text,
    release_digest text check (release_digest ~ '^sha256:[0-9a-f]{64}$'),
    upstream text[] not null,
    soak interval not null,
    policy jsonb not null,
    -- The commit that changed any of this last.
    commit text not null,
    author text not null,
    accepted_at timestamptz not null,
    check ((release_name is null) = (release_digest is null))
);

-- Every release that an environment ever asked for: its name keeps its digest.
create table asked_release (
    name text primary key,
    digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
    environment text not null,
    commit text not null,
    asked_at timestamptz not null
);

-- The repository that says what should run: one, or none.
create table source (
    id int primary key default 1 check (id = 1),
    repository text not null,
    branch text not null,
    folder text not null,
    -- Names of files in the home's folder secrets.
    secret text,
    webhook_secret text,
    poll_every interval not null,
    followed_at timestamptz not null,
    followed_by text not null,
    -- The commit whose state is taken.
    good_commit text,
    good_author text,
    good_subject text,
    good_committed_at timestamptz,
    good_at timestamptz,
    -- What the last round found.
    asked_at timestamptz,
    head text,
    -- How often in a row the repository did not answer.
    failures int not null default 0,
    failing_since timestamptz,
    -- The commit that a person takes although history was written anew.
    waived_commit text,
    waived_by text,
    -- A round is due; who asks for one counts up and waits until as many are answered.
    due_at timestamptz not null default clock_timestamp(),
    rounds_wanted bigint not null default 0,
    rounds_answered bigint not null default 0,
    -- One server at a time; between two rounds the one that did the last is preferred.
    lease_owner text,
    lease_until timestamptz,
    epoch bigint not null default 0,
    check (num_nulls(good_commit, good_author, good_subject, good_committed_at, good_at) in (0, 5)),
    check ((failures = 0) = (failing_since is null)),
    check ((waived_commit is null) = (waived_by is null))
);

-- Pools and tenants of the commit that was taken which the fleet does not have like that yet, or which are not served yet.
create table unsettled (
    kind text not null check (kind in ('pool', 'tenant')),
    name text not null,
    primary key (kind, name)
);

-- What forges have told of changes to the repository (pull requests, merge requests) and of their reviews.
create table forge_change (
    forge text not null,
    repository text not null,
    number bigint not null,
    author text,
    merged_by text,
    merge_commit text,
    told_at timestamptz not null,
    primary key (forge, repository, number)
);

create index forge_change_of_commit on forge_change (merge_commit) where merge_commit is not null;

create table forge_review (
    forge text not null,
    repository text not null,
    number bigint not null,
    reviewer text not null,
    state text not null check (state in ('approved', 'refused', 'withdrawn')),
    told_at timestamptz not null,
    primary key (forge, repository, number, reviewer)
);
