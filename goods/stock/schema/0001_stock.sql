create table stock_movement (
	tenant text not null,
	case_id text not null,
	line bigint not null,
	seq bigint not null,
	id text not null,
	order_id text not null,
	seller text not null,
	sku text not null,
	title text not null,
	quantity bigint not null,
	source text not null,
	target text not null,
	grade text not null,
	moved_at bigint not null,
	primary key (tenant, case_id, line, seq)
);
create unique index stock_movement_id on stock_movement (tenant, id);
create index stock_movement_sku on stock_movement (tenant, sku, id);
create index stock_movement_seller on stock_movement (tenant, seller, id) where seller <> '';
