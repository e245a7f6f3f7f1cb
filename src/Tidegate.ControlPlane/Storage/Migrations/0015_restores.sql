-- A way back of one tenant's data is carried out as a rollout is, and is none of a release.
alter table rollout drop constraint rollout_kind_check;
alter table rollout add constraint rollout_kind_check check (kind in ('release', 'healing', 'restore'));
