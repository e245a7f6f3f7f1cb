-- People and service accounts, what they may, and the tokens by which they show themselves.
create table account (
    name text primary key check (name ~ '^(person|service)/[a-z][a-z0-9-]{0,39}$'),
    label text,
    groups text[] not null default '{}',
    made_at timestamptz not null,
    made_by text not null,
    disabled_at timestamptz,
    password text,
    must_change boolean not null default false,
    secret_until timestamptz,
    signed_in_at timestamptz,
    check (password is null or name like 'person/%'),
    check (secret_until is null or must_change)
);

create table access_grant (
    id text primary key,
    who text not null,
    role text not null,
    environments text[] not null,
    tags text,
    made_at timestamptz not null,
    made_by text not null,
    reason text not null,
    revoked_at timestamptz,
    revoked_by text,
    check ((revoked_at is null) = (revoked_by is null))
);

create index access_grant_of on access_grant (who) where revoked_at is null;

-- Of a token only the hash of its secret is here.
create table access_token (
    id text primary key,
    owner text not null references account,
    hash bytea not null check (length(hash) = 32),
    label text,
    is_session boolean not null,
    ceiling jsonb,
    made_at timestamptz not null,
    made_by text not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    revoked_by text,
    used_at timestamptz,
    check ((revoked_at is null) = (revoked_by is null))
);

create index access_token_of on access_token (owner, made_at);

-- Counted before a password is looked at, for names that nobody has too.
create table sign_in_attempt (
    name text primary key,
    attempts int not null,
    since timestamptz not null,
    locked_until timestamptz
);

-- One row. While it is not closed, the operating system's user that owns the home may everything.
create table access_state (
    id boolean primary key default true check (id),
    is_closed boolean not null default false,
    changed_at timestamptz,
    changed_by text,
    reason text
);

insert into access_state default values;
