alter table shipment_booking add column account text not null default '';
alter table shipment_watch add column account text not null default '';
create index shipment_booking_account on shipment_booking (tenant, account) where account <> '' and state in ('requested', 'cancelling');
