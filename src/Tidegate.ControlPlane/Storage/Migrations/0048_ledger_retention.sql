-- How long the contents of entries are kept: no row, for ever.
create table ledger_retention (
    one boolean primary key default true check (one),
    keep_days integer not null check (keep_days >= 30),
    actor text not null,
    at timestamptz not null
);

-- How far each home's witnesses are, as its server said last.
create table ledger_witness (
    home text not null,
    place text not null,
    kept bigint,
    at timestamptz not null,
    primary key (home, place)
);

-- What retention runs have announced: the contents of all entries before a checkpoint go. Written with an entry of its own.
create table ledger_drop (
    before bigint primary key,
    first bigint not null check (first < before),
    root text not null,
    export text not null,
    sha256 text not null,
    actor text not null,
    at timestamptz not null,
    key text not null,
    signature text not null,
    ledger bigint not null unique
);

create trigger ledger_drop_is_append_only before update or delete or truncate on ledger_drop
    for each statement execute function ledger_is_append_only();

-- Seals, and with them hashes, are never removed; of entries only those that a run has announced.
create function ledger_keeps_its_entries() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
    if exists (select from ledger_seal s join ledger_drop d on d.before > s.place where s.ledger = old.id) then
        return old;
    end if;
    raise exception 'the ledger is append-only: of its entries only those go that a retention run has written out and announced';
end
$$;

drop trigger ledger_is_append_only on ledger;
create trigger ledger_is_append_only before update or truncate on ledger
    for each statement execute function ledger_is_append_only();
create trigger ledger_keeps_its_entries before delete on ledger
    for each row execute function ledger_keeps_its_entries();

-- The only way in which servers remove entries: some of those that the newest run has announced, once that is signed and
-- outside, and none that is younger than the period.
create function ledger_drop_entries(from_place bigint, most integer) returns bigint
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    said ledger_drop;
    said_at bigint;
    days integer;
    gone bigint;
begin
    select * into said from ledger_drop order by before desc limit 1;
    if not found then
        raise exception 'no retention run has announced anything';
    end if;
    select keep_days into days from ledger_retention;
    if not found then
        raise exception 'the ledger''s entries are kept for ever: no period is set';
    end if;
    select s.place into said_at from ledger_seal s
     where s.ledger = said.ledger and exists (select from ledger_checkpoint c where c.size > s.place);
    if not found then
        raise exception 'what the retention run has announced is not signed yet';
    end if;
    if not exists (select from ledger_witness)
       or exists (select from ledger_witness w where w.kept is null or w.kept <= said_at) then
        raise exception 'what the retention run has announced is not with every witness yet';
    end if;
    if exists (
        select from ledger_seal s join ledger l on l.id = s.ledger
         where s.place >= from_place and s.place < least(from_place + most, said.before)
           and l.at > now() - make_interval(days => days)) then
        raise exception 'the retention run has announced entries that are younger than % days', days;
    end if;
    delete from ledger where id in (
        select s.ledger from ledger_seal s where s.place >= from_place and s.place < least(from_place + most, said.before));
    get diagnostics gone = row_count;
    return gone;
end
$$;

revoke execute on function ledger_drop_entries(bigint, integer) from public;
