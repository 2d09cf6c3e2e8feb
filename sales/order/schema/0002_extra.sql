alter table order_order add column extra text not null default '';
alter table order_line add column extra text not null default '';
