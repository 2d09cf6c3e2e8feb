package shipment

// words are the printed words of a label.
type words struct {
	title, out, to, from, caseNo, contents, sent, scan string
}

var labelWords = map[string]words{
	"zh-CN": {title: "退货", out: "寄件", to: "收", from: "寄", caseNo: "售后单号", contents: "退回商品", sent: "商品", scan: "扫码查看进度"},
	"zh-TW": {title: "退貨", out: "寄件", to: "收", from: "寄", caseNo: "售後單號", contents: "退回商品", sent: "商品", scan: "掃碼查看進度"},
	"en":    {title: "RETURN", out: "PARCEL", to: "TO", from: "FROM", caseNo: "Case", contents: "Contents", sent: "Contents", scan: "Scan to follow"},
}
