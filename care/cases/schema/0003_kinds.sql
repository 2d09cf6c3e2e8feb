alter table cases_case add column phase text not null default 'after_receipt';
alter table cases_case add column detail text not null default '';
