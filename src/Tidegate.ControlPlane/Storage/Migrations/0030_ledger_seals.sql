-- The ledger's entries in their order, each with its hash, and what the whole was at instants, signed.
create table ledger_seal (
    place bigint primary key,
    ledger bigint not null unique references ledger (id),
    hash bytea not null
);

create trigger ledger_seal_is_append_only before update or delete or truncate on ledger_seal
    for each statement execute function ledger_is_append_only();

create table ledger_checkpoint (
    size bigint primary key,
    root text not null,
    at timestamptz not null,
    key text not null,
    signature text not null,
    peaks bytea not null
);

create trigger ledger_checkpoint_is_append_only before update or delete or truncate on ledger_checkpoint
    for each statement execute function ledger_is_append_only();

create index ledger_tenant on ledger (tenant, id) where tenant is not null;
create index ledger_rollout on ledger (rollout, id) where rollout is not null;
