-- Cases that were refused after an inspection, before cases remembered it: their
-- goods, if they come once more, are counted anew.
update cases_case set detail = '{"inspected":true}'
where detail = '' and state in ('rejected', 'closed') and decision like '%"nothing_accepted"%';
