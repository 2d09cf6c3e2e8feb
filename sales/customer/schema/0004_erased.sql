create table customer_erased (
	tenant text not null,
	customer text not null,
	at bigint not null,
	primary key (tenant, customer)
);
