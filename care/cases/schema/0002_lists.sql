alter table cases_case add column assignee text not null default '';
drop index cases_case_customer;
drop index cases_case_opened;
drop index cases_case_state;
drop index cases_case_seller;
create index cases_case_opened on cases_case (tenant, opened_at, id);
create index cases_case_over on cases_case (tenant, state, opened_at, id) where state in ('completed', 'closed');
create index cases_case_open on cases_case (tenant, state, opened_at, id, deadline, kind, reason, seller, assignee) where state not in ('completed', 'closed');
create index cases_case_reason on cases_case (tenant, reason, state, opened_at, id, kind);
create index cases_case_kind on cases_case (tenant, kind, state, opened_at, id, reason) where kind <> 'return_refund';
create index cases_case_assignee on cases_case (tenant, assignee, state, opened_at, id, kind, reason) where assignee <> '';
create index cases_case_seller on cases_case (tenant, seller, state, opened_at, id, kind, reason) where seller <> '';
create index cases_case_customer on cases_case (tenant, customer, opened_at, id, state) where customer <> '';
create index cases_case_deadline on cases_case (tenant, deadline, id, state, kind, reason, seller, assignee) where deadline > 0;
create index cases_case_title on cases_case (tenant, title, opened_at, id, state);
create index cases_case_order_number on cases_case (tenant, lower(order_number));
create index cases_case_tracking on cases_case (tenant, lower(tracking)) where tracking <> '';
create table cases_term (
	tenant text not null,
	term text not null,
	field text not null,
	value text not null,
	primary key (tenant, term, field, value)
);
with recursive place(i) as (select 1 union all select i + 1 from place where i < 80)
insert into cases_term (tenant, term, field, value)
select distinct tenant, substr(lower(name), i, 2), 'name', customer || ' ' || name from cases_case, place
where customer <> '' and length(substr(lower(name), i, 2)) = 2
union
select distinct tenant, substr(lower(name), i, 3), 'name', customer || ' ' || name from cases_case, place
where customer <> '' and length(substr(lower(name), i, 3)) = 3
union
select distinct tenant, substr(lower(title), i, 2), 'title', title from cases_case, place
where length(substr(lower(title), i, 2)) = 2
union
select distinct tenant, substr(lower(title), i, 3), 'title', title from cases_case, place
where length(substr(lower(title), i, 3)) = 3;
