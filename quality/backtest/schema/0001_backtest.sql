create table backtest_run (
	tenant text not null,
	id text not null,
	state text not null,
	policy text not null,
	policy_version bigint not null,
	rules text not null,
	scope text not null,
	asked_by text not null,
	place text not null,
	done bigint not null,
	total bigint not null,
	busy bigint not null,
	figures text not null,
	error text not null,
	version bigint not null,
	created_at bigint not null,
	started_at bigint not null,
	updated_at bigint not null,
	ended_at bigint not null,
	primary key (tenant, id)
);
create index backtest_run_state on backtest_run (tenant, state, id);
create index backtest_run_ended on backtest_run (ended_at, tenant, id) where ended_at > 0;
create table backtest_sample (
	tenant text not null,
	run text not null,
	change text not null,
	seq bigint not null,
	sample text not null,
	primary key (tenant, run, change, seq)
);
create table backtest_group (
	tenant text not null,
	run text not null,
	dimension text not null,
	name text not null,
	currency text not null,
	tried bigint not null,
	better bigint not null,
	worse bigint not null,
	other bigint not null,
	paid_before bigint not null,
	paid_after bigint not null,
	primary key (tenant, run, dimension, name, currency)
);
