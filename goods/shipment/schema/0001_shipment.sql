create table shipment_parcel (
	tenant text not null,
	id text not null,
	case_id text not null,
	label text not null,
	carrier text not null,
	tracking text not null,
	state text not null,
	rank bigint not null,
	address text not null,
	version bigint not null,
	created_at bigint not null,
	updated_at bigint not null,
	primary key (tenant, id)
);
create unique index shipment_parcel_case on shipment_parcel (tenant, case_id);
create unique index shipment_parcel_label on shipment_parcel (tenant, label);
create table shipment_number (
	tenant text not null,
	tracking text not null,
	parcel text not null,
	carrier text not null,
	created_at bigint not null,
	primary key (tenant, tracking)
);
create table shipment_scan (
	tenant text not null,
	parcel text not null,
	scan text not null,
	status text not null,
	at bigint not null,
	place text not null,
	received_at bigint not null,
	primary key (tenant, parcel, scan)
);
