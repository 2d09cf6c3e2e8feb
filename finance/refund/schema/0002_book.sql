alter table refund_account add column book text not null default '';
