create table seal_tree (
	name text not null,
	origin text not null,
	size bigint not null,
	note text not null,
	sealed_at bigint not null,
	keys bigint not null,
	primary key (name)
);
create table seal_tile (
	level bigint not null,
	number bigint not null,
	data bytea not null,
	primary key (level, number)
);
create table seal_checkpoint (
	minute bigint not null,
	size bigint not null,
	note text not null,
	sealed_at bigint not null,
	primary key (minute)
);
create index seal_checkpoint_size on seal_checkpoint (size);
create table seal_key (
	verifier text not null,
	since bigint not null,
	added_at bigint not null,
	retired_at bigint not null,
	primary key (verifier)
);
create table seal_witness (
	verifier text not null,
	size bigint not null,
	note text not null,
	signed_at bigint not null,
	problem text not null,
	tried_at bigint not null,
	primary key (verifier)
);
