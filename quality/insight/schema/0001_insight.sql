create table insight_entry (
	tenant text not null,
	key text not null,
	version bigint not null,
	cells text not null,
	primary key (tenant, key)
);
create table insight_tally (
	tenant text not null,
	scope text not null,
	measure text not null,
	grain text not null,
	start text not null,
	label text not null,
	kind text not null,
	channel text not null,
	market text not null,
	n bigint not null,
	total bigint not null,
	primary key (tenant, scope, measure, grain, start, label, kind, channel, market)
);
create table insight_open (
	tenant text not null,
	id text not null,
	state text not null,
	kind text not null,
	channel text not null,
	seller text not null,
	market text not null,
	opened_at bigint not null,
	deadline bigint not null,
	primary key (tenant, id)
);
create table insight_choice (
	tenant text not null,
	dimension text not null,
	value text not null,
	primary key (tenant, dimension, value)
);
create table insight_product (
	tenant text not null,
	sku text not null,
	title text not null,
	primary key (tenant, sku)
);
create table insight_shop (
	tenant text not null,
	zone text not null,
	rebuilt_at bigint not null,
	primary key (tenant)
);
