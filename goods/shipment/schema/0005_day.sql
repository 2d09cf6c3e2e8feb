create index shipment_booking_day on shipment_booking (tenant, from_at, id) where method = 'pick_up';
drop index shipment_parcel_wish;
create index shipment_parcel_wish on shipment_parcel (tenant, wish, id) where wish <> '';
