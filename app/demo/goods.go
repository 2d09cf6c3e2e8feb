package demo

// article is something the shop sells. Prices are fen.
type article struct {
	sku, title, variant, category, colour, seller string
	price                                         int64
	grams                                         int64
}

var articles = []article{
	{"SY-X2-BK", "声悦 X2 主动降噪头戴式耳机 SoundJoy X2", "曜石黑", "audio", "dbe4ff", "", 89900, 420},
	{"SY-A1-WH", "声悦 A1 真无线蓝牙耳机 SoundJoy A1", "云白", "audio", "dbe4ff", "", 29900, 90},
	{"QJ-KT-17", "清晨 1.7L 智能恒温电热水壶 Morning kettle", "奶油绿", "kitchen", "d3f9d8", "", 19900, 1300},
	{"QJ-CF-02", "清晨 半自动意式咖啡机 Morning espresso", "不锈钢", "kitchen", "ffe8cc", "", 159900, 6800},
	{"QJ-PAN28", "清晨 28cm 精铁无涂层炒锅 Iron wok 28 cm", "原木柄", "kitchen", "ffe3e3", "", 26900, 1900},
	{"NS-JK-M", "南山户外 三合一防水冲锋衣 Nanshan 3-in-1 jacket", "深海蓝 / M", "clothing", "d0ebff", "nanshan", 69900, 1100},
	{"NS-BT-42", "南山户外 中帮徒步鞋 Nanshan trail boots", "胡桃棕 / 42", "shoes", "ffe8cc", "nanshan", 45900, 1250},
	{"NS-BG-40", "南山户外 40L 轻量登山包 Nanshan pack 40 L", "橄榄绿", "bags", "d3f9d8", "nanshan", 38900, 980},
	{"YM-TS-L", "云麦 新疆长绒棉圆领 T 恤 Cotton T-shirt", "白色 / L", "clothing", "f1f3f5", "", 9900, 210},
	{"YM-SW-S", "云麦 羊绒混纺毛衣 Cashmere sweater", "燕麦 / S", "clothing", "fff3bf", "", 39900, 380},
	{"YM-UW-3", "云麦 莫代尔内裤三件装 Modal briefs, 3 pack", "混色 / M", "underwear", "f3d9fa", "", 8900, 150},
	{"LD-LP-03", "亮度 国 AA 级护眼台灯 Desk lamp", "哑光白", "home", "fff3bf", "", 32900, 1600},
	{"LD-PL-01", "亮度 天然乳胶枕 Latex pillow", "标准款", "home", "e5dbff", "", 21900, 1400},
	{"TL-BB-01", "童乐 积木城市 860 颗 City bricks, 860 pieces", "", "toys", "ffe3e3", "", 35900, 1700},
	{"TL-PZ-1K", "童乐 千里江山图 1000 片拼图 Puzzle, 1000 pieces", "", "toys", "c5f6fa", "", 12900, 800},
	{"SG-CH-5", "山谷果园 阳山水蜜桃 5 斤 Fresh peaches, 2.5 kg", "", "fresh_food", "ffe3e3", "", 12800, 2700},
	{"SK-TA-1", "石刻茶事 手作紫砂壶 刻名定制 Engraved teapot", "朱泥 / 定制", "custom_made", "ffe8cc", "", 58800, 350},
	{"DG-VC-9", "滴谷 V9 无线吸尘器 Cordless vacuum V9", "星光灰", "appliances", "e9ecef", "", 189900, 3100},
	{"DG-AP-4", "滴谷 空气净化器 4 Lite Air purifier", "白色", "appliances", "e9ecef", "", 99900, 5600},
	{"ZX-KB-87", "指向 87 键机械键盘 Mechanical keyboard", "茶轴 / 灰", "electronics", "dee2e6", "", 49900, 950},
	{"ZX-MS-2", "指向 人体工学鼠标 Ergonomic mouse", "黑色", "electronics", "dee2e6", "", 15900, 120},
}

type buyer struct{ name, latin, phone, language string }

func (b buyer) email() string { return b.latin + "@example.com" }

var customers = []buyer{
	{"林晓雯", "lin.xiaowen", "+8613800002207", "zh-CN"}, {"王建国", "wang.jianguo", "+8613900001102", "zh-CN"},
	{"李娜", "li.na", "+8613700003301", "zh-CN"}, {"张伟", "zhang.wei", "+8613600004417", "zh-CN"},
	{"刘洋", "liu.yang", "+8615000005523", "zh-CN"}, {"陈思远", "chen.siyuan", "+8615100006638", "zh-CN"},
	{"黃雅婷", "huang.yating", "+886912345001", "zh-TW"}, {"吳俊傑", "wu.chunchieh", "+886912345002", "zh-TW"},
	{"杨帆", "yang.fan", "+8615200007741", "zh-CN"}, {"周敏", "zhou.min", "+8615300008859", "zh-CN"},
	{"Emma Wilson", "emma.wilson", "+447700900123", "en"}, {"Daniel Okafor", "daniel.okafor", "+447700900456", "en"},
	{"徐静怡", "xu.jingyi", "+8615500009964", "zh-CN"}, {"孙浩然", "sun.haoran", "+8615600010075", "zh-CN"},
	{"马丽", "ma.li", "+8615700011186", "zh-CN"}, {"朱雨桐", "zhu.yutong", "+8615800012297", "zh-CN"},
	{"何志强", "he.zhiqiang", "+8615900013308", "zh-CN"}, {"郭佳", "guo.jia", "+8618000014419", "zh-CN"},
	{"欧阳春晓", "ouyang.chunxiao", "+8618100015520", "zh-CN"}, {"Aisha Rahman", "aisha.rahman", "+60123456789", "en"},
	{"唐子轩", "tang.zixuan", "+8618200016631", "zh-CN"}, {"冯雪", "feng.xue", "+8618300017742", "zh-CN"},
	{"邓超群", "deng.chaoqun", "+8618400018853", "zh-CN"}, {"曾小贤", "zeng.xiaoxian", "+8618500019964", "zh-CN"},
}
