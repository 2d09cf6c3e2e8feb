create table order_address (
	tenant text not null,
	order_id text not null,
	address text not null,
	updated_at bigint not null,
	primary key (tenant, order_id)
);
