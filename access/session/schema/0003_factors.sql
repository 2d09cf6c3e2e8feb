alter table session_session add column factors text not null default '';
