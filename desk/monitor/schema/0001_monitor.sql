create table monitor_run (
	tenant text not null,
	id text not null,
	state text not null,
	files boolean not null,
	asked_by text not null,
	asked_at bigint not null,
	ended_at bigint not null,
	done bigint not null,
	total bigint not null,
	report text not null,
	problem text not null,
	seen text not null,
	primary key (tenant, id)
);
create index monitor_run_open on monitor_run (id) where ended_at = 0;
