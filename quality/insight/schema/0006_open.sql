create index insight_open_due on insight_open (tenant, state, deadline, kind, channel, market);
create index insight_open_age on insight_open (tenant, opened_at, kind, channel, market);
create index insight_open_seller on insight_open (tenant, seller) where seller <> '';
