alter table settlement_payout add column generation bigint not null default 1;
alter table settlement_payout add column unsure boolean not null default false;
update settlement_payout set unsure = true where state = 'failed' and last_error like 'The outcome is not known%';
create index settlement_payout_order on settlement_payout (tenant, order_id);
create table settlement_redirect (
	tenant text not null,
	payout text not null,
	generation bigint not null,
	kind text not null,
	provider text not null,
	reference text not null,
	label text not null,
	provider_ref text not null,
	reason text not null,
	consent text not null,
	actor text not null,
	at bigint not null,
	primary key (tenant, payout, generation)
);
create table settlement_chargeback (
	tenant text not null,
	id text not null,
	order_id text not null,
	tender text not null,
	provider text not null,
	payment text not null,
	reference text not null,
	reason text not null,
	state text not null,
	version bigint not null,
	opened_at bigint not null,
	closed_at bigint not null default 0,
	primary key (tenant, id)
);
create unique index settlement_chargeback_open on settlement_chargeback (tenant, order_id, tender, provider, payment) where state = 'open';
create index settlement_chargeback_order on settlement_chargeback (tenant, order_id) where state in ('open', 'lost');
create index settlement_chargeback_payment on settlement_chargeback (tenant, provider, payment) where state in ('open', 'lost') and payment <> '';
