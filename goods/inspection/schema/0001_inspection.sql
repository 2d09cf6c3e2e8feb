create table inspection_report (
	tenant text not null,
	case_id text not null,
	state text not null,
	lines text not null,
	version bigint not null,
	received_at bigint not null,
	graded_at bigint not null,
	primary key (tenant, case_id)
);
create table inspection_grade (
	tenant text not null,
	case_id text not null,
	line bigint not null,
	first bigint not null,
	count bigint not null,
	grade text not null,
	note text not null,
	photos text not null,
	disposition text not null,
	accepted boolean not null,
	primary key (tenant, case_id, line, first)
);
