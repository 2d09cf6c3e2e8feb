alter table event_log add column kind bigint not null default 1;
alter table event_log add column nonce bytea;
alter table event_log add column content bytea;
alter table event_log add column prev bytea;
alter table event_log add column body bytea;
