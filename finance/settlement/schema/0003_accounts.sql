alter table settlement_payout add column account text not null default '';
alter table settlement_redirect add column account text not null default '';
create index settlement_payout_account on settlement_payout (tenant, account) where account <> '' and state <> 'succeeded';
