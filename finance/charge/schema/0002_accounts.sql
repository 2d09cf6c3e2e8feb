alter table charge_attempt add column account text not null default '';
