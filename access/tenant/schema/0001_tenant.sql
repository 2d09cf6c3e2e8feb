create table tenant_tenant (
	tenant text not null,
	name text not null,
	host text,
	zone text not null,
	language text not null,
	currency text not null,
	support_email text not null,
	return_name text not null,
	return_lines text not null,
	return_city text not null,
	return_postcode text not null,
	return_country text not null,
	return_phone text not null,
	version bigint not null,
	created_at bigint not null,
	primary key (tenant)
);
create unique index tenant_tenant_host on tenant_tenant (host) where host is not null;
