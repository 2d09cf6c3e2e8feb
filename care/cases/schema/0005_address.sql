create table cases_address (
	tenant text not null,
	case_id text not null,
	address text not null,
	told_by text not null,
	updated_at bigint not null,
	primary key (tenant, case_id)
);
