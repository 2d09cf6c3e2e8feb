create table webhook_endpoint (
	tenant text not null,
	id text not null,
	name text not null,
	url text not null,
	kinds text not null,
	state text not null,
	why text not null default '',
	secret bytea not null,
	old_secret bytea not null,
	old_until bigint not null default 0,
	failing_since bigint not null default 0,
	version bigint not null,
	created_at bigint not null,
	primary key (tenant, id)
);
create table webhook_delivery (
	tenant text not null,
	id text not null,
	endpoint text not null,
	event text not null,
	kind text not null,
	subject text not null,
	body text not null,
	state text not null,
	attempts bigint not null default 0,
	status bigint not null default 0,
	took bigint not null default 0,
	error text not null default '',
	answer text not null default '',
	created_at bigint not null,
	tried_at bigint not null default 0,
	primary key (tenant, id)
);
create index webhook_delivery_endpoint on webhook_delivery (tenant, endpoint, id);
create index webhook_delivery_waiting on webhook_delivery (tenant, endpoint, subject, id) where state = 'waiting';
create index webhook_delivery_created on webhook_delivery (tenant, created_at);
