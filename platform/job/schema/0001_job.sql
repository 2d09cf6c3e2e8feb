create table job_job (
	tenant text not null,
	id text not null,
	kind text not null,
	key text,
	args text not null,
	state text not null,
	run_at bigint not null,
	remaining bigint not null default 0,
	attempt bigint not null default 0,
	max_attempts bigint not null,
	lease_until bigint not null default 0,
	holder text not null default '',
	last_error text not null default '',
	created_at bigint not null,
	primary key (tenant, id)
);
create index job_job_due on job_job (run_at) where state = 'waiting';
create index job_job_leased on job_job (lease_until) where state = 'running';
create unique index job_job_key on job_job (tenant, kind, key) where key is not null;
create index job_job_state on job_job (tenant, state, id) where state = 'dead';
