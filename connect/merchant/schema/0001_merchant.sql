create table merchant_account (
	tenant text not null,
	id text not null,
	provider text not null,
	name text not null,
	state text not null,
	settings text not null,
	secrets bytea not null,
	key text not null,
	marks text not null,
	since_at bigint not null,
	until_at bigint not null,
	identity text not null default '',
	test text not null default '',
	test_code text not null default '',
	test_detail text not null default '',
	tested_at bigint not null default 0,
	version bigint not null,
	created_at bigint not null,
	updated_at bigint not null,
	primary key (tenant, id)
);
create index merchant_account_leaving on merchant_account (tenant, id) where state = 'removed' and key <> '';
