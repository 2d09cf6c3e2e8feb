create table raw_case (
	id bigint not null,
	version bigint not null,
	primary key (id)
);
create table raw_event (
	seq bigserial primary key,
	body text not null
);
create table raw_job (
	seq bigserial primary key,
	body text not null
);
create table raw_outbox (
	seq bigserial primary key,
	body text not null
);
