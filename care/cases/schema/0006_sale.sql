alter table cases_case add column channel text not null default '';
alter table cases_case add column country text not null default '';
drop index cases_case_title;
drop index cases_case_customer;
create index cases_case_title on cases_case (tenant, title, opened_at, id, state, seller);
create index cases_case_customer on cases_case (tenant, customer, opened_at, id, state, seller) where customer <> '';
