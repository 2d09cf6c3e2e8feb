create table settlement_payout (
	tenant text not null,
	id text not null,
	case_id text not null,
	order_id text not null,
	purpose text not null,
	tender text not null,
	kind text not null,
	label text not null,
	provider text not null,
	reference text not null,
	provider_ref text not null default '',
	state text not null,
	last_error text not null default '',
	amount bigint not null check (amount > 0),
	currency text not null,
	attempts bigint not null default 0,
	version bigint not null,
	created_at bigint not null,
	updated_at bigint not null,
	primary key (tenant, id)
);
create unique index settlement_payout_case on settlement_payout (tenant, case_id, purpose, tender);
create index settlement_payout_state on settlement_payout (tenant, state, id) where state <> 'succeeded';
create table settlement_case (
	tenant text not null,
	case_id text not null,
	payouts bigint not null,
	succeeded bigint not null default 0 check (succeeded <= payouts),
	primary key (tenant, case_id)
);
