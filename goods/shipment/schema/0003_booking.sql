create table shipment_point (
	tenant text not null,
	id text not null,
	name text not null,
	address text not null,
	city text not null,
	hours text not null,
	located boolean not null,
	latitude bigint not null,
	longitude bigint not null,
	created_at bigint not null,
	primary key (tenant, id)
);
create table shipment_slot (
	tenant text not null,
	id text not null,
	from_at bigint not null,
	to_at bigint not null,
	capacity bigint not null,
	taken bigint not null,
	primary key (tenant, id)
);
create unique index shipment_slot_time on shipment_slot (tenant, from_at, to_at);
create table shipment_booking (
	tenant text not null,
	id text not null,
	parcel text not null,
	case_id text not null,
	method text not null,
	carrier text not null,
	place text not null,
	from_at bigint not null,
	to_at bigint not null,
	address text not null,
	state text not null,
	reference text not null,
	reason text not null,
	version bigint not null,
	created_at bigint not null,
	updated_at bigint not null,
	primary key (tenant, id)
);
create unique index shipment_booking_live on shipment_booking (tenant, parcel) where state in ('requested', 'booked');
create index shipment_booking_parcel on shipment_booking (tenant, parcel);
create table shipment_watch (
	tenant text not null,
	parcel text not null,
	carrier text not null,
	mark text not null,
	failures bigint not null,
	next_at bigint not null,
	since bigint not null,
	primary key (tenant, parcel)
);
create index shipment_watch_next on shipment_watch (next_at);
create table shipment_delivery (
	tenant text not null,
	carrier text not null,
	id text not null,
	received_at bigint not null,
	primary key (tenant, carrier, id)
);
create index shipment_delivery_age on shipment_delivery (received_at);
create index shipment_parcel_wish on shipment_parcel (tenant, id) where wish = 'intercept_requested';
