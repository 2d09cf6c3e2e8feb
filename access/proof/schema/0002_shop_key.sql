create table proof_shop_key (
	tenant text not null,
	id text not null,
	name text not null,
	sealed bytea not null,
	created_by text not null,
	created_at bigint not null,
	used_at bigint not null default 0,
	revoked_at bigint not null default 0,
	primary key (tenant, id)
);
