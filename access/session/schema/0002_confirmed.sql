alter table session_session add column confirmed_at bigint not null default 0;
