create table charge_charge (
	tenant text not null,
	id text not null,
	key text not null,
	case_id text not null,
	order_id text not null,
	customer text not null,
	purpose text not null,
	amount bigint not null check (amount > 0),
	currency text not null,
	state text not null,
	due_at bigint not null,
	reference text not null default '',
	reason text not null default '',
	version bigint not null,
	created_at bigint not null,
	updated_at bigint not null,
	primary key (tenant, id)
);
create unique index charge_charge_key on charge_charge (tenant, key);
create index charge_charge_case on charge_charge (tenant, case_id);
create index charge_charge_customer on charge_charge (tenant, customer, id) where customer <> '';
create index charge_charge_state on charge_charge (tenant, state, id);
create table charge_attempt (
	tenant text not null,
	charge text not null,
	number bigint not null,
	provider text not null,
	means text not null,
	back text not null,
	state text not null,
	url text not null default '',
	reference text not null default '',
	reason text not null default '',
	busy_until bigint not null,
	started_at bigint not null,
	primary key (tenant, charge, number)
);
create unique index charge_attempt_open on charge_attempt (tenant, charge) where state = 'open';
