create table customer_tier (
	tenant text not null,
	customer text not null,
	id text not null,
	tier text not null,
	from_at bigint not null,
	until_at bigint not null,
	reason text not null,
	source text not null,
	by_kind text not null,
	by_id text not null,
	by_name text not null,
	told_at bigint not null,
	primary key (tenant, customer, id)
);
