insert into cases_article (tenant, sku, opened_at, case_id)
select tenant, substr(items, begun + 1, length(items) - begun - 3), opened_at, id
from (select c.*, length('[{"line":1,"first":1,"count":1,"reason":"' || reason || '","title":"' || title || '","sku":"') as begun from cases_case c) c
where not exists (select 1 from search_learned where what = 'articles')
on conflict do nothing;
delete from cases_article where sku = '';
insert into search_learned (tenant, what, version, after, done) values ('main', 'articles', 1, '', true) on conflict do nothing;
