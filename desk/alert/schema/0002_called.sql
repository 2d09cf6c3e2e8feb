alter table alert_call add column called_at bigint not null default 0;
create index alert_call_called on alert_call (called_at);
