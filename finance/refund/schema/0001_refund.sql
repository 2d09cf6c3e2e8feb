create table refund_account (
	tenant text not null,
	order_id text not null,
	captured bigint not null,
	refunded bigint not null check (refunded between 0 and captured),
	shipping bigint not null check (shipping >= 0),
	tenders text not null,
	version bigint not null,
	primary key (tenant, order_id)
);
create table refund_claim (
	tenant text not null,
	order_id text not null,
	line bigint not null,
	first_unit bigint not null check (first_unit > 0),
	units bigint not null check (units > 0),
	case_id text not null,
	reason text not null,
	state text not null,
	primary key (tenant, order_id, line, first_unit)
);
