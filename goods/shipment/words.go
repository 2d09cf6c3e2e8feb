package shipment

// words are the printed words of a label.
type words struct {
	title, to, from, caseNo, contents, scan string
}

var labelWords = map[string]words{
	"zh-CN": {title: "退货", to: "收", from: "寄", caseNo: "售后单号", contents: "退回商品", scan: "扫码查看进度"},
	"zh-TW": {title: "退貨", to: "收", from: "寄", caseNo: "售後單號", contents: "退回商品", scan: "掃碼查看進度"},
	"en":    {title: "RETURN", to: "TO", from: "FROM", caseNo: "Case", contents: "Contents", scan: "Scan to follow"},
}
