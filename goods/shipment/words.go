package shipment

// words are the printed words of a label, in each language whose letters the
// fonts have. Korean and Arabic are not among them.
type words struct {
	title, out, to, from, caseNo, contents, sent, scan string
}

var labelWords = map[string]words{
	"zh-CN": {title: "退货", out: "寄件", to: "收", from: "寄", caseNo: "售后单号", contents: "退回商品", sent: "商品", scan: "扫码查看进度"},
	"zh-TW": {title: "退貨", out: "寄件", to: "收", from: "寄", caseNo: "售後單號", contents: "退回商品", sent: "商品", scan: "掃碼查看進度"},
	"en":    {title: "RETURN", out: "PARCEL", to: "TO", from: "FROM", caseNo: "Case", contents: "Contents", sent: "Contents", scan: "Scan to follow"},
	"ja":    {title: "返品", out: "荷物", to: "お届け先", from: "ご依頼主", caseNo: "申請番号", contents: "返品する商品", sent: "商品", scan: "読み取って確認"},
	"de":    {title: "RETOURE", out: "PAKET", to: "AN", from: "VON", caseNo: "Anfrage", contents: "Inhalt", sent: "Inhalt", scan: "Scannen und verfolgen"},
	"fr":    {title: "RETOUR", out: "COLIS", to: "À", from: "DE", caseNo: "Demande", contents: "Contenu", sent: "Contenu", scan: "Scanner pour suivre"},
	"es":    {title: "DEVOLUCIÓN", out: "PAQUETE", to: "PARA", from: "DE", caseNo: "Solicitud", contents: "Contenido", sent: "Contenido", scan: "Escanear y seguir"},
	"pt-BR": {title: "DEVOLUÇÃO", out: "PACOTE", to: "PARA", from: "DE", caseNo: "Solicitação", contents: "Conteúdo", sent: "Conteúdo", scan: "Escanear e acompanhar"},
	"ru":    {title: "ВОЗВРАТ", out: "ПОСЫЛКА", to: "КОМУ", from: "ОТ КОГО", caseNo: "Обращение", contents: "Вложение", sent: "Вложение", scan: "Сканируйте: статус"},
}
