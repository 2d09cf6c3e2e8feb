create table proof_challenge (
	tenant text not null,
	id text not null,
	customer text not null,
	order_id text not null,
	channel text not null,
	contact bytea not null,
	language text not null,
	attempts bigint not null default 0,
	used_at bigint not null default 0,
	created_at bigint not null,
	expires_at bigint not null,
	primary key (tenant, id)
);
create index proof_challenge_expiry on proof_challenge (expires_at);
create table proof_count (
	tenant text not null,
	subject bytea not null,
	asked bigint not null,
	since bigint not null,
	primary key (tenant, subject)
);
create index proof_count_age on proof_count (since);
