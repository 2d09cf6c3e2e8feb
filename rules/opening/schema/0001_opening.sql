create table opening_calendar (
	tenant text not null,
	desk text not null,
	version bigint not null,
	at bigint not null,
	actor_kind text not null,
	actor_id text not null,
	actor_name text not null,
	body text not null,
	primary key (tenant, desk, version)
);
