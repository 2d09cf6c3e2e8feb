create table customer_customer (
	tenant text not null,
	id text not null,
	source text not null,
	ref text not null,
	name text not null,
	folded text not null,
	email text not null,
	phone text not null,
	language text not null,
	created_at bigint not null,
	primary key (tenant, id)
);
create index customer_customer_email on customer_customer (tenant, email, id);
create index customer_customer_phone on customer_customer (tenant, phone, id);
create index customer_customer_folded on customer_customer (tenant, folded, id);
create table customer_ref (
	tenant text not null,
	source text not null,
	ref text not null,
	customer text not null,
	primary key (tenant, source, ref)
);
