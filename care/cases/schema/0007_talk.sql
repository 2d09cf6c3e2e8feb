alter table cases_case add column unread bigint not null default 0;
alter table cases_case add column news bigint not null default 0;
alter table cases_case add column wrote_at bigint not null default 0;
create index cases_case_wrote on cases_case (tenant, state, opened_at, id) where wrote_at > 0;
