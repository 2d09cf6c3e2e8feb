create table factor_factor (
	tenant text not null,
	id text not null,
	staff text not null,
	kind text not null,
	name text not null,
	site text not null,
	credential bytea not null,
	secret bytea not null,
	step bigint not null,
	created_at bigint not null,
	used_at bigint not null,
	primary key (tenant, id)
);
create index factor_factor_staff on factor_factor (tenant, staff, id);
create unique index factor_factor_credential on factor_factor (tenant, credential) where kind = 'passkey';
create table factor_recovery (
	tenant text not null,
	staff text not null,
	digest bytea not null,
	used_at bigint not null,
	primary key (tenant, staff, digest)
);
create table factor_owner (
	tenant text not null,
	staff text not null,
	version bigint not null,
	failed bigint not null,
	failed_at bigint not null,
	locked_until bigint not null,
	primary key (tenant, staff)
);
create table factor_spent (
	tenant text not null,
	digest bytea not null,
	until bigint not null,
	primary key (tenant, digest)
);
create index factor_spent_age on factor_spent (until);
create table factor_rule (
	tenant text not null,
	role text not null,
	since bigint not null,
	primary key (tenant, role)
);
