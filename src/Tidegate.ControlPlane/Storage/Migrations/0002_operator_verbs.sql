alter table rollout add aborted_by text, add abort_reason text;
