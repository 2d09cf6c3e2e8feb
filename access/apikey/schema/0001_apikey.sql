create table apikey_key (
	tenant text not null,
	id text not null,
	digest bytea not null,
	name text not null,
	scopes text not null,
	seller text not null,
	created_by text not null,
	created_at bigint not null,
	expires_at bigint not null,
	used_at bigint not null default 0,
	revoked_at bigint not null default 0,
	primary key (tenant, id)
);
create unique index apikey_key_digest on apikey_key (tenant, digest);
