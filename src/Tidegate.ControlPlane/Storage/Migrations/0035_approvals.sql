-- Plans to which somebody has to agree, and everything that was said of them. Nothing here is ever changed.
create table approval (
    id text primary key,
    environment text not null,
    release_name text not null,
    release_digest text not null check (release_digest ~ '^sha256:[0-9a-f]{64}$'),
    -- To what an approval is bound: with any of these another it is another.
    plan_hash text not null,
    targets text not null,
    policy text not null,
    -- What was asked for: the same again gives the plan of then.
    request jsonb not null,
    start_kind text not null,
    -- The tags of each tenant that it reaches; null where they are not known.
    tags jsonb,
    -- As it was shown to whoever agrees.
    plan jsonb not null,
    asked_at timestamptz not null,
    -- How many rows of business documents its way back may cost without a further word.
    loss_limit bigint not null,
    unique (environment, plan_hash, release_digest, targets, policy)
);

create index approval_environment on approval (environment, asked_at desc);

create table approval_statement (
    id bigint generated always as identity primary key,
    approval text not null references approval (id),
    said text not null check (said in ('asked', 'approved', 'rejected', 'withdrawn')),
    by text not null,
    is_service boolean not null,
    at timestamptz not null,
    until timestamptz,
    reason text,
    -- Said twice under one key it is said once.
    key text not null unique,
    -- What a withdrawal takes back.
    withdraws bigint unique references approval_statement (id),
    check ((said = 'approved') = (until is not null)),
    check ((said = 'withdrawn') = (withdraws is not null)),
    check (said <> 'rejected' or reason is not null)
);

create index approval_statement_approval on approval_statement (approval, id);

create table approval_delegation (
    id bigint generated always as identity primary key,
    from_person text not null,
    to_person text not null check (to_person <> from_person),
    begins timestamptz not null,
    ends timestamptz not null check (ends > begins),
    by text not null,
    at timestamptz not null,
    reason text,
    key text not null unique
);

create table approval_delegation_end (
    delegation bigint primary key references approval_delegation (id),
    by text not null,
    at timestamptz not null
);

create function approval_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'what was said of approvals is append-only';
end
$$;

create trigger approval_is_append_only before update or delete or truncate on approval
    for each statement execute function approval_is_append_only();
create trigger approval_statement_is_append_only before update or delete or truncate on approval_statement
    for each statement execute function approval_is_append_only();
create trigger approval_delegation_is_append_only before update or delete or truncate on approval_delegation
    for each statement execute function approval_is_append_only();
create trigger approval_delegation_end_is_append_only before update or delete or truncate on approval_delegation_end
    for each statement execute function approval_is_append_only();
