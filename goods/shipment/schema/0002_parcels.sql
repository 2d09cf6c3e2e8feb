drop index shipment_parcel_case;
alter table shipment_parcel add column direction text not null default 'return';
alter table shipment_parcel add column seq bigint not null default 1;
alter table shipment_parcel add column method text not null default '';
alter table shipment_parcel add column wish text not null default '';
alter table shipment_parcel add column slip text not null default '';
alter table shipment_scan add column note text not null default '';
update shipment_parcel set rank = case state
	when 'label_issued' then 20
	when 'handed_over' then 50
	when 'in_transit' then 60
	when 'lost' then 90
	when 'delivered' then 100
	else 120 end;
create unique index shipment_parcel_place on shipment_parcel (tenant, case_id, direction, seq);
