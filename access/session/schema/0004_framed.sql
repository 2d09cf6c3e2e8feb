alter table session_session add column framed boolean not null default false;
