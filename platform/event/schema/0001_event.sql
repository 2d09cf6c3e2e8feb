create table event_log (
	seq bigserial primary key,
	position bigint,
	tenant text not null,
	id text not null,
	stream text not null,
	subject text not null,
	version bigint not null,
	type text not null,
	actor_kind text not null,
	actor_id text not null,
	actor_name text not null,
	at bigint not null,
	data text not null
);
create index event_log_subject on event_log (tenant, stream, subject, seq);
create unique index event_log_position on event_log (position) where position is not null;
create index event_log_fresh on event_log (seq) where position is null;
create index event_log_tenant on event_log (tenant, position) where position is not null;
create table event_cursor (
	name text not null,
	position bigint not null,
	attempts bigint not null default 0,
	error text not null default '',
	updated_at bigint not null,
	primary key (name)
);
create table event_lease (
	name text not null,
	holder text not null,
	until bigint not null,
	primary key (name)
);
create table event_parked (
	tenant text not null,
	follower text not null,
	position bigint not null,
	error text not null,
	parked_at bigint not null,
	primary key (tenant, follower, position)
);
create index event_parked_follower on event_parked (follower, position);
