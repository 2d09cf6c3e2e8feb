create table customer_start (
	tenant text not null,
	start text not null,
	customer text not null,
	primary key (tenant, start, customer)
);
create index customer_start_customer on customer_start (tenant, customer);
with recursive place(i) as (select 2 union all select i + 1 from place where i < 80)
insert into customer_start (tenant, start, customer)
select distinct c.tenant, substr(c.folded, i, 80), c.id from customer_customer c, place
where i < length(c.folded) and substr(c.folded, i, 1) <> ' '
	and (substr(c.folded, i - 1, 1) = ' ' or octet_length(substr(c.folded, i, 1)) = 3);
