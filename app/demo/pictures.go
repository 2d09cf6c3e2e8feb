package demo

import (
	"net/url"
	"strings"
)

// drawings show what an article is, on a field of 96 by 96: lines where a fill
// says nothing, shapes where it does. They are drawn and not letters, because
// not every machine has a font with pictures in it.
var drawings = map[string]string{
	"SY-X2-BK": `<path d='M26 56V48a22 22 0 0 1 44 0v8' fill='none'/><rect x='20' y='52' width='13' height='22' rx='6' fill='#5c7cfa'/><rect x='63' y='52' width='13' height='22' rx='6' fill='#5c7cfa'/>`,
	"SY-A1-WH": `<path d='M38 28a10 10 0 1 0-2 20l3 22h7V36a8 8 0 0 0-8-8z' fill='#fff'/><path d='M58 28a10 10 0 1 1 2 20l-3 22h-7V36a8 8 0 0 1 8-8z' fill='#fff'/>`,
	"QJ-KT-17": `<path d='M34 36h26l6 38H28z' fill='#fff'/><path d='M34 36l-12 8 8 8M60 40h6a9 9 0 0 1 0 18h-3M40 36a7 7 0 0 1 14 0M47 29v-5' fill='none'/>`,
	"QJ-CF-02": `<path d='M26 22h44v14H58v6H44v-6h-6v38H26z' fill='#ffa94d'/><path d='M26 74h44M44 52h18v10a8 8 0 0 1-8 8h-2a8 8 0 0 1-8-8zM62 55h4a4 4 0 0 1 0 9h-4' fill='#fff'/>`,
	"QJ-PAN28": `<circle cx='40' cy='56' r='22' fill='#495057'/><circle cx='40' cy='56' r='13' fill='#868e96'/><path d='M56 40l20-20' fill='none' stroke-width='6'/>`,
	"NS-JK-M":  `<path d='M38 22l10 8 10-8 14 8 6 40H66v4H30v-4H18l6-40z' fill='#4dabf7'/><path d='M48 30v44M30 44v26M66 44v26' fill='none'/>`,
	"NS-BT-42": `<path d='M34 22h20v22l18 8a8 8 0 0 1 4 7v5H34z' fill='#c68642'/><path d='M32 64h46v8H32zM46 30h8M46 38h8' fill='#fff'/>`,
	"NS-BG-40": `<path d='M38 28a10 10 0 0 1 20 0' fill='none'/><rect x='28' y='28' width='40' height='46' rx='12' fill='#69db7c'/><path d='M36 54h24v14H36zM36 42h24' fill='#fff'/>`,
	"YM-TS-L":  `<path d='M38 24a10 8 0 0 0 20 0l18 10-7 13-7-4v31H34V43l-7 4-7-13z' fill='#fff'/>`,
	"YM-SW-S":  `<path d='M38 24a10 6 0 0 0 20 0l14 6 6 38H66V46v28H30V46v22H18l6-38z' fill='#ffd43b'/><path d='M34 50h28M34 58h28' fill='none'/>`,
	"YM-UW-3":  `<path d='M22 34h52l-2 14c-10 2-16 10-18 18H42c-2-8-8-16-18-18z' fill='#da77f2'/><path d='M22 41h52' fill='none'/>`,
	"LD-LP-03": `<path d='M34 74h30M49 74V62L32 44l18-18' fill='none'/><path d='M44 20l20 20c-4 4-8 5-12 4L42 34c-2-4-2-10 2-14z' fill='#fcc419'/>`,
	"LD-PL-01": `<path d='M22 38c8 4 44 4 52 0 4 8 4 18 0 26-8-4-44-4-52 0-4-8-4-18 0-26z' fill='#fff'/>`,
	"TL-BB-01": `<path d='M20 52h28v20H20zM48 52h28v20H48zM34 32h28v20H34z' fill='#ff8787'/><path d='M40 32v-5h6v5M50 32v-5h6v5M26 52v-5h6v5M64 52v-5h6v5' fill='#ff8787'/>`,
	"TL-PZ-1K": `<path d='M26 38h14a7 7 0 1 1 14 0h14v14a7 7 0 1 1 0 14v8H26z' fill='#22b8cf'/>`,
	"SG-CH-5":  `<path d='M48 36c-22-12-34 34 0 38 34-4 22-50 0-38z' fill='#ffa8a8'/><path d='M48 36c-4 12-4 26 0 38M48 36c0-8 6-14 16-14 0 8-6 14-16 14z' fill='#8ce99a'/>`,
	"SK-TA-1":  `<path d='M30 44h34v14a16 16 0 0 1-34 0z' fill='#c0673d'/><path d='M30 52l-14-8M64 46h6a8 8 0 0 1 0 16h-7M34 44a13 9 0 0 1 26 0M47 35v-5' fill='none'/>`,
	"DG-VC-9":  `<path d='M66 20L42 62' fill='none' stroke-width='6'/><path d='M26 74l8-14h16l2 14z' fill='#fff'/><rect x='54' y='30' width='20' height='14' rx='6' transform='rotate(30 64 37)' fill='#748ffc'/>`,
	"DG-AP-4":  `<rect x='30' y='20' width='36' height='56' rx='10' fill='#fff'/><circle cx='48' cy='40' r='10' fill='#74c0fc'/><path d='M38 60h20M38 67h20' fill='none'/>`,
	"ZX-KB-87": `<rect x='16' y='34' width='64' height='32' rx='6' fill='#fff'/><path d='M26 44h4M38 44h4M50 44h4M62 44h8M26 56h4M38 56h20M66 56h4' fill='none'/>`,
	"ZX-MS-2":  `<path d='M48 20c12 0 18 8 18 20v14c0 14-8 22-18 22s-18-8-18-22V40c0-12 6-20 18-20z' fill='#495057'/><path d='M48 30v12' fill='none' stroke='#fff'/>`,
}

// picture is a small drawing inside its own address: the demo fetches nothing.
func (a article) picture() string {
	svg := "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 96 96'><rect width='96' height='96' fill='#" + a.colour + "'/>" +
		"<g stroke='#2b3550' stroke-width='3' stroke-linecap='round' stroke-linejoin='round'>" + drawings[a.sku] + "</g></svg>"
	return "data:image/svg+xml," + strings.ReplaceAll(url.QueryEscape(svg), "+", "%20")
}
