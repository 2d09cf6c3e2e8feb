create table clearing_set (
	tenant text not null,
	key text not null,
	id text not null,
	case_id text not null,
	order_id text not null,
	currency text not null,
	digest text not null,
	booked_at bigint not null,
	primary key (tenant, key)
);
create table clearing_entry (
	tenant text not null,
	set_id text not null,
	place bigint not null,
	key text not null,
	case_id text not null,
	order_id text not null,
	currency text not null,
	account text not null,
	party text not null,
	code text not null,
	amount bigint not null check (amount <> 0),
	booked_at bigint not null,
	primary key (tenant, set_id, place)
);
create index clearing_entry_case on clearing_entry (tenant, case_id, set_id, place);
create index clearing_entry_account on clearing_entry (tenant, account, set_id, place);
create index clearing_entry_party on clearing_entry (tenant, party, set_id, place) where party <> '';
