drop index cases_case_customer;
create index cases_case_customer on cases_case (tenant, customer, opened_at, id) where customer <> '';
create table cases_fresh (
	tenant text not null,
	case_id text not null,
	primary key (tenant, case_id)
);
