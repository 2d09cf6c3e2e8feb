create table order_order (
	tenant text not null,
	id text not null,
	source text not null,
	number text not null,
	customer text not null,
	currency text not null,
	country text not null,
	zone text not null,
	placed_at bigint not null,
	delivered_at bigint not null,
	tax_included boolean not null,
	policy text not null,
	policy_version bigint not null,
	version bigint not null,
	shipping text not null,
	tenders text not null,
	title text not null,
	image_url text not null,
	lines bigint not null,
	paid bigint not null,
	digest text not null,
	created_at bigint not null,
	primary key (tenant, id)
);
create unique index order_order_source on order_order (tenant, source, number);
create index order_order_number on order_order (tenant, number, placed_at, id);
create index order_order_customer on order_order (tenant, customer, placed_at, id);
create index order_order_placed on order_order (tenant, placed_at, id);
create table order_line (
	tenant text not null,
	order_id text not null,
	no bigint not null,
	sku text not null,
	title text not null,
	variant text not null,
	category text not null,
	image_url text not null,
	seller text not null,
	quantity bigint not null,
	unit_price bigint not null,
	weight_grams bigint not null,
	delivered_at bigint not null,
	ledger text not null,
	primary key (tenant, order_id, no)
);
create index order_line_sku on order_line (tenant, order_id, sku);
create index order_line_seller on order_line (tenant, seller, order_id) where seller <> '';
create table order_returned (
	tenant text not null,
	source text not null,
	ref text not null,
	order_id text not null,
	line bigint not null,
	quantity bigint not null,
	amount bigint not null,
	at bigint not null,
	primary key (tenant, source, ref)
);
create index order_returned_line on order_returned (tenant, order_id, line);
create table order_import (
	tenant text not null,
	source text not null,
	fingerprint text not null,
	state text not null,
	position text not null,
	summary text not null,
	started_at bigint not null,
	updated_at bigint not null,
	primary key (tenant, source, fingerprint)
);
create table order_rejected (
	tenant text not null,
	source text not null,
	fingerprint text not null,
	seq bigint not null,
	file text not null,
	line bigint not null,
	number text not null,
	field text not null,
	reason text not null,
	value text not null,
	primary key (tenant, source, fingerprint, seq)
);
