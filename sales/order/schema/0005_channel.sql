alter table order_order add column channel text not null default '';
update order_order set channel = case
	when extra like '%"channel":"web"%' then 'web' when extra like '%"channel":"live"%' then 'live' when extra like '%"channel":"app"%' then 'app'
	when extra like '%"channel":"phone"%' then 'phone' when extra like '%"channel":"tv"%' then 'tv' when extra like '%"channel":"mail"%' then 'mail'
	when extra like '%"channel":"doorstep"%' then 'doorstep' when extra like '%"channel":"store"%' then 'store' when extra like '%"channel":"auction"%' then 'auction'
	else '' end
where extra like '%"channel":"%';
create index order_order_channel on order_order (tenant, channel, placed_at, id) where channel <> '';
