create table reads_read (
	tenant text not null,
	id text not null,
	at bigint not null,
	actor_kind text not null,
	actor_id text not null,
	actor_name text not null,
	what text not null,
	subject text not null,
	customer text not null,
	batch text not null,
	primary key (tenant, id)
);
create index reads_read_customer on reads_read (tenant, customer, id) where customer <> '';
create index reads_read_subject on reads_read (tenant, subject, id) where subject <> '';
create index reads_read_actor on reads_read (tenant, actor_id, id);
create index reads_read_batch on reads_read (tenant, batch);
