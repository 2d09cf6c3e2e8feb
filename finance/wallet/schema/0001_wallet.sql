create table wallet_account (
	tenant text not null,
	id text not null,
	customer text not null,
	kind text not null,
	unit text not null,
	reference text not null,
	balance bigint not null default 0 check (balance >= 0),
	version bigint not null,
	created_at bigint not null,
	primary key (tenant, id)
);
create unique index wallet_account_customer on wallet_account (tenant, customer, kind, unit, reference);
create table wallet_entry (
	tenant text not null,
	id text not null,
	account text not null,
	kind text not null,
	amount bigint not null check (amount <> 0),
	balance bigint not null check (balance >= 0),
	key text not null,
	case_id text not null,
	order_id text not null,
	tender text not null,
	basis bigint not null,
	reason text not null,
	actor text not null,
	at bigint not null,
	primary key (tenant, id)
);
create unique index wallet_entry_key on wallet_entry (tenant, key);
create index wallet_entry_account on wallet_entry (tenant, account, id);
create index wallet_entry_tender on wallet_entry (tenant, order_id, tender) where order_id <> '';
create table wallet_lot (
	tenant text not null,
	account text not null,
	id text not null,
	rest bigint not null check (rest >= 0),
	expires_at bigint not null,
	primary key (tenant, account, id)
);
create index wallet_lot_expires on wallet_lot (expires_at) where rest > 0 and expires_at > 0;
