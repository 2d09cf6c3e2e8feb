-- Orders by the last characters of their number, which people read from labels.
create index order_order_ending on order_order (tenant, substr(number, length(number) - 3));
