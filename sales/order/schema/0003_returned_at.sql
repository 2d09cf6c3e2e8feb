create index order_returned_at on order_returned (tenant, at, source, ref);
