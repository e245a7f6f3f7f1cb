-- Each step updates its tenant's row twice. What never changes of it lies out of line, so that an update copies a
-- pointer to it instead of kilobytes; and a page keeps room, so that an update touches no index.
alter table upgrade
    alter column target set storage external,
    alter column steps set storage external,
    alter column back set storage external,
    set (toast_tuple_target = 128, fillfactor = 50);
