with recursive
	i(i) as (select cast($1 as bigint) union all select i + 1 from i where i < $2 - 1),
	-- who, what and how it stands are spread by multiples of large primes
	a as (select i, i * 7919 % 300007 as who, i * 104729 % 20011 as what, i * 15485863 % 1000 as dice, i * 32452843 % 997 as luck, i * 611953 % 101 as sale, i * 350377 % 1009 as land,
		case when $3 - i < 20000 then 1 else 0 end as young from i),
	b as (select a.*,
		case when who % 10 = 0 then substr('MariaJamesEmilyPeterChloeLukasSofiaDavidLauraSimon', cast(1 + 5 * (who / 10 % 10) as integer), 5) || ' ' ||
				substr('SmithMayerSilvaRossiJonesKlineBrownWeberCostaDubau', cast(1 + 5 * (who / 100 % 10) as integer), 5) || (who % 977)
			else substr('赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章', cast(1 + who % 41 as integer), 1) ||
				substr('晓雅思志明春文建国海子诗佳宇欣怡梓涵浩然俊杰雨桐一诺静婷慧敏', cast(1 + who / 41 % 30 as integer), 1) ||
				substr('雯婷远敏辉燕华军芳丽强磊洋勇艳杰娟涛超霞平刚桂玲英玉萍红娥秀', cast(1 + who / 1230 % 31 as integer), 1) end as name,
		substr('声悦云麦青禾山海拾光小筑北野南星木兰知夏', cast(1 + 2 * (what % 10) as integer), 2) || ' ' ||
			substr('降噪耳机长绒棉衫保温水杯登山背包电动牙刷空气炸锅羊毛围巾跑步运动鞋防晒外套', cast(1 + 4 * (what / 10 % 9) as integer), 4) || ' ' ||
			substr('Air Pro Max SE  Mini', cast(1 + 4 * (what / 90 % 5) as integer), 4) || ' ' || what as title,
		substr('wrong_size      no_longer_needednot_as_describeddefective       ordered_mistake missing_parts   damaged_transit arrived_late    ',
			cast(1 + 16 * (case when dice < 500 then luck % 2 when dice < 950 then 2 + luck % 3 else 5 + luck % 3 end) as integer), 16) as reason
		from a)
insert into cases_case (tenant, id, number, kind, state, closed_as, version, order_id, order_number, customer, name, seller,
	currency, quoted, refunded, title, quantity, reason, language, comment, items, decision, policy, policy_version,
	terms, quote, timer, deadline, tracking, assignee, channel, country, opened_at, updated_at, unread, wrote_at)
select 'main', 'case_06gzze38pxy1xe5dt' || (100000000 + i), 'R-' || substr('ABCDEFGHJKMNPQRSTVWXYZ', cast(1 + luck % 22 as integer), 1) || (100 + i % 900) || '-' || (1000 + i / 900),
	case when dice < 750 then 'return_refund' when dice < 880 then 'refund_only' when dice < 960 then 'exchange' when dice < 980 then 'reship' when dice < 990 then 'price_protection' else 'compensation' end,
	case when young = 1 and luck < 500 or luck < 30 then rtrim(substr('submitted   await_returnreturning   inspecting  resolving   ', cast(1 + 12 * (luck % 5) as integer), 12))
		when dice % 10 < 7 then 'completed' when dice % 10 < 9 then 'closed' else 'rejected' end,
	'', 5, 'ord_06gzze38pxy1xe5dt' || (100000000 + i), 'SO-2026-' || (10000000 + i), 'cus_06gzze38pxy1xe5dt' || (100000000 + who), name,
	case when what % 2 = 0 then '' else 'sel_' || (100 + what % 401) end,
	'CNY', 19900 + dice * 10, 19900 + dice * 10, title, 1 + luck % 2, rtrim(reason), 'zh-CN', case when luck % 3 = 0 then '尺码偏小，想换大一号' else '' end,
	'[{"line":1,"first":1,"count":1,"reason":"' || rtrim(reason) || '","title":"' || title || '","sku":"SKU-' || case when luck % 50 = 3 then '1' else '' || what end || '"}]',
	'{"outcome":"approve","by":"staff","name":"苏晴","at":"2026-03-02T02:00:00Z","grounds":[{"code":"approved_by_person"}]}',
	'standard', 1, '{"answer_hours":48,"ship_back_days":7,"inspect_hours":72,"payout_hours":24,"zone":"Asia/Shanghai"}',
	'{"currency":"CNY","lines":[{"line":1,"count":1,"components":[{"code":"goods","line":1,"amount":89900},{"code":"order_discount","line":1,"amount":-8990}],"subtotal":80910}],"components":[{"code":"goods","line":1,"amount":89900},{"code":"order_discount","line":1,"amount":-8990},{"code":"return_label","amount":-1000,"ground":"customer"}],"total":79910,"tenders":[{"id":"t1","kind":"card","label":"Visa","provider":"bank","reference":"pi_1","goods":79910,"shipping":0}],"freight":"customer"}',
	case when young = 1 and luck < 500 or luck < 30 then 'answer' else '' end,
	case when young = 1 and luck < 500 or luck < 30 then $4 + dice * 100000 - 20000000 else 0 end,
	case when luck % 4 = 0 then '' else 'SF1' || (100000000000 + i * 37) end,
	case when luck % 5 < 2 then '' else 'stf_06gzze38pxy1xe5dt' || (1000000 + luck % 40) end,
	case when sale < 55 then 'web' when sale < 80 then 'app' when sale < 90 then 'live' when sale < 97 then 'store' else '' end,
	case when land < 700 then 'CN' when land < 800 then 'SG' when land < 880 then 'DE' when land < 940 then 'US' when land < 980 then 'JP' when land < 1000 then 'GB' when land < 1007 then 'AU' else '' end,
	$4 - ($3 - i) * 31536, $4 - ($3 - i) * 31536 + dice * 1000,
	case when luck = 5 then 1 else 0 end, case when luck = 5 then $4 - ($3 - i) * 31536 + dice * 1000 else 0 end
from b;
