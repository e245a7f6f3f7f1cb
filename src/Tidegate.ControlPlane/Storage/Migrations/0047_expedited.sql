-- What a release closes as a security fix, where its environment waits less for it.
alter table environment_terms add column expedited text;
