create table cases_moment (
	tenant text not null,
	case_id text not null,
	what text not null,
	label text not null,
	at bigint not null,
	took bigint not null,
	primary key (tenant, case_id, what, label, at)
);
create index cases_moment_at on cases_moment (tenant, what, label, at, case_id, took);
create index cases_case_waits on cases_case (tenant, wrote_at, id, state, unread) where wrote_at > 0;
