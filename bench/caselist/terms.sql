with recursive place(i) as (select 1 union all select i + 1 from place where i < 80)
insert into cases_term (tenant, term, field, value)
select distinct tenant, substr(lower(name), i, 2), 'name', customer || ' ' || name from cases_case, place where length(substr(lower(name), i, 2)) = 2 and name > '~'
union
select distinct tenant, substr(lower(name), i, 3), 'name', customer || ' ' || name from cases_case, place where length(substr(lower(name), i, 3)) = 3 and name < '~'
union
select distinct tenant, substr(lower(title), i, 2), 'title', title from (select distinct tenant, title from cases_case) t, place where length(substr(lower(title), i, 2)) = 2 and i < 8
union
select distinct tenant, substr(lower(title), i, 3), 'title', title from (select distinct tenant, title from cases_case) t, place where length(substr(lower(title), i, 3)) = 3 and i > 7
union
select distinct tenant, '', 'title', title from cases_case
union
select distinct tenant, '', 'name', customer || ' ' || name from cases_case;
insert into search_learned (tenant, what, version, after, done)
values ('main', 'customers', 1, '', true), ('main', 'products', 1, '', true), ('main', 'titles', 1, '', true), ('main', 'sales', 1, '', true)
on conflict do nothing;
