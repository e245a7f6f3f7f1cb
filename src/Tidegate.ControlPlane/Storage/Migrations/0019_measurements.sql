-- What each site has measured of itself: its own cutovers, and what its disk offers.
create table site_measurement (
    site text primary key,
    cutovers int not null default 0,
    copy_bytes_per_second double precision,
    fixed_hold interval,
    probed_at timestamptz,
    can_clone boolean,
    clone_reason text,
    file_copy_method text,
    probe_bytes_per_second double precision,
    free_bytes bigint,
    measured_at timestamptz not null,
    check ((cutovers > 0) = (copy_bytes_per_second is not null and fixed_hold is not null)),
    check ((probed_at is null) = (can_clone is null))
);

create index upgrade_of_site on upgrade (site, ended_at desc) where ending = 'completed';
