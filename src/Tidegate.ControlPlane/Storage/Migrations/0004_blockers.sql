-- Why something does not move. Whoever found it owns it, and replaces all of its own at once.
create table blocker (
    owner text not null,
    subject text not null,
    code text not null,
    what text not null,
    since timestamptz not null,
    until timestamptz,
    clears text not null,
    next text not null,
    origin text,
    primary key (owner, subject, code)
);
