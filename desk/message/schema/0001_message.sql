create table message_thread (
	tenant text not null,
	case_id text not null,
	version bigint not null,
	last bigint not null,
	customer_read bigint not null,
	customer_read_at bigint not null,
	shop_read bigint not null,
	shop_read_at bigint not null,
	answered bigint not null,
	mailed bigint not null,
	primary key (tenant, case_id)
);
