create table cases_case (
	tenant text not null,
	id text not null,
	number text not null,
	kind text not null,
	state text not null,
	closed_as text not null,
	version bigint not null,
	order_id text not null,
	order_number text not null,
	customer text not null,
	name text not null,
	seller text not null,
	currency text not null,
	quoted bigint not null,
	refunded bigint not null,
	title text not null,
	quantity bigint not null,
	reason text not null,
	language text not null,
	comment text not null,
	items text not null,
	decision text not null,
	policy text not null,
	policy_version bigint not null,
	terms text not null,
	quote text not null,
	timer text not null,
	deadline bigint not null,
	tracking text not null,
	opened_at bigint not null,
	updated_at bigint not null,
	primary key (tenant, id)
);
create unique index cases_case_number on cases_case (tenant, number);
create index cases_case_order on cases_case (tenant, order_id);
create index cases_case_customer on cases_case (tenant, customer, opened_at) where customer <> '';
create index cases_case_opened on cases_case (tenant, opened_at, id);
create index cases_case_state on cases_case (tenant, state, opened_at, id);
create index cases_case_seller on cases_case (tenant, seller, opened_at) where seller <> '';
