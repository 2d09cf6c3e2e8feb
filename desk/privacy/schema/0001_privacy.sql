create table privacy_erasure (
	tenant text not null,
	customer text not null,
	reason text not null,
	asked_by text not null,
	asked_name text not null,
	asked_at bigint not null,
	cases bigint not null,
	orders bigint not null,
	events bigint not null,
	files bigint not null,
	walked bigint not null,
	done_at bigint not null,
	primary key (tenant, customer)
);
