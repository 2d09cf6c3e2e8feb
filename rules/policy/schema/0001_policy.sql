create table policy_version (
	tenant text not null,
	id text not null,
	version bigint not null,
	name text not null,
	rules text not null,
	created_at bigint not null,
	primary key (tenant, id, version)
);
