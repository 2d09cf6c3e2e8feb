-- What was written about the cases: four messages and a note of every five, in Chinese and in European words, each with a word that few have.
with recursive
	i(i) as (select cast($1 as bigint) union all select i + 1 from i where i < $2 - 1),
	a as (select i, i * 7919 % 300007 as who, i * 104729 % 20011 as what, i * 15485863 % 1000 as dice, i * 32452843 % 997 as luck from i),
	b as (select a.*,
		rtrim(substr('您好，收到的商品有问题　　　快递员说运费要我自己付　　　我想退货退款，谢谢　　　　　耳机左边没有声音了　　　　　尺码偏小想换大一号　　　　　物流一直没有更新　　　　　　请问什么时候能到账　　　　　包装破损，里面也碎了　　　　已经寄回，请尽快处理　　　　客服说可以补发一个　　　　　', cast(1 + 14 * (dice % 10) as integer), 14), '　') || '，' ||
		rtrim(substr('颜色和图片上的不一样　　　　充电器少发了一个　　　　　　我等了一个星期了　　　　　　发票抬头写错了　　　　　　　请帮我改一下地址　　　　　　用了两天就坏了　　　　　　　可以上门取件吗　　　　　　　优惠券能不能退回来　　　　　', cast(1 + 14 * (luck % 8) as integer), 14), '　') as chinese,
		rtrim(substr('The parcel arrived late and damaged.    Please tell me when the refund comes.   To my credit card, not to my bank.      The handle of the kettle leaks again.   I would like a replacement, please.     Thank you very much for the answer.     The courier never came on that day.     I was waiting at home since seven.      ', cast(1 + 40 * (dice % 8) as integer), 40)) || ' ' ||
		rtrim(substr('The parcel arrived late and damaged.    Please tell me when the refund comes.   To my credit card, not to my bank.      The handle of the kettle leaks again.   I would like a replacement, please.     Thank you very much for the answer.     The courier never came on that day.     I was waiting at home since seven.      ', cast(1 + 40 * (luck % 8) as integer), 40)) as european,
		substr('babebibobucacecicocudadedidodufafefifofugagegigogulalelilolumamemimomunaneninonupapepipopurarerirorusasesisosutatetitotuvavevivovu', cast(1 + 2 * (what % 65) as integer), 2) ||
			substr('babebibobucacecicocudadedidodufafefifofugagegigogulalelilolumamemimomunaneninonupapepipopurarerirorusasesisosutatetitotuvavevivovu', cast(1 + 2 * (what / 65 % 65) as integer), 2) ||
			substr('norstalvinketdombren', cast(1 + 4 * (what / 4225) as integer), 4) as rare
		from a)
insert into event_log (position, tenant, id, stream, subject, version, type, actor_kind, actor_id, actor_name, at, data, content)
select $3 + i + 1, 'main', 'evt_06gzze38pxy1xe5dt' || (100000000 + i), case when i % 5 = 4 then 'case' else 'message' end, 'case_06gzze38pxy1xe5dt' || (100000000 + i), 1,
	case when i % 5 = 4 then 'case.noted' else 'message.written' end, case when i % 5 < 3 then 'customer' else 'staff' end, '', '', 1788000000000 + i,
	'{"case":"case_06gzze38pxy1xe5dt' || (100000000 + i) || '","seq":1,"by":"' || case when i % 5 < 3 then 'customer' else 'shop' end || '","text":"' ||
		case when who % 10 < 7 then chinese || '。' || rare else european || ' ' || rare end || case when luck < 200 then ' SF1' || (100000000000 + i * 37) else '' end || '"}', $4
from b;
