insert into cases_moment (tenant, case_id, what, label, at, took)
select tenant, id, 'paid', currency, opened_at + quoted * 20000, quoted * 20000 from cases_case where state = 'completed' and refunded > 0
on conflict do nothing;
insert into cases_moment (tenant, case_id, what, label, at, took)
select tenant, id, 'settled', '', opened_at + quoted * 20000, quoted * 20000 from cases_case where state = 'completed' and refunded > 0
on conflict do nothing;
insert into cases_moment (tenant, case_id, what, label, at, took)
select tenant, id, 'answered', case when quoted % 100 < 50 then 'rule' when quoted % 100 < 80 then 'staff' else 'timer' end, opened_at + quoted * 1000, quoted * 1000
from cases_case where state <> 'submitted'
on conflict do nothing;
