-- With what is asked of it, so that no other index is read instead.
drop index order_order_ending;
create index order_order_ending on order_order (tenant, substr(number, length(number) - 3), number, id);
