package rights

import (
	"reflect"
	"slices"
	"strings"
)

// kind is what a fact can hold.
type kind byte

const (
	text kind = iota
	yesno
	number
	date
)

// word is a fact that rules may name.
type word struct {
	name  string
	kind  kind
	path  []int // in Facts; nil: made by derive
	sure  bool  // a bool that is false when left out
	among []string
	usual string // yes or no: so unless somebody says otherwise
	doc   string
}

// value is one fact of one question.
type value struct {
	known bool
	given bool // said by the caller, not assumed
	n     int64
	s     string
}

// maxWords bounds the sets of facts that a decision carries.
const maxWords = 192

type words struct {
	all     []word
	byID    map[string]int
	derived [madeCount]int
	choices []int // of texts that are among some
	usual   []int // of facts that are usually so
}

// Facts that are worked out from others. Their order is that of the constants.
var made = []word{
	{name: "claimed", kind: date, doc: "day of the notice; without one, as_of"},
	{name: "arrived", kind: date, doc: "day on which the notice arrived; without one, as_of"},
	{name: "notice.day", kind: date, doc: "day on which the notice arrived; without one, was sent"},
	{name: "possession", kind: date, doc: "day on which the consumer had the last article of the order; of a subscription the first"},
	{name: "bought", kind: date, doc: "day of the contract; without one, of delivery, then as_of"},
	{name: "warranty_start", kind: date, doc: "end of installation, delivery or invoice, whichever is known first in this order"},
	{name: "defect.known", kind: yesno, doc: "the claim is about a defect, or facts about one are given"},
	{name: "defect.day", kind: date, doc: "day on which the defect showed; without one, of the notice to the seller, then as_of"},
	{name: "repair.waiting_days", kind: number, doc: "days from the request to the return, both counted; while it goes on, to as_of"},
	{name: "cross_border", kind: yesno, doc: "the seller is in another country"},
	{name: "age_months", kind: number, doc: "whole months from delivery to the day on which the defect showed"},
	{name: "declared_or_sent", kind: date, doc: "day on which the notice or the goods were sent, whichever came first; without either, as_of"},
	{name: "told.late", kind: yesno, doc: "the consumer was told of the right to withdraw, but after delivery"},
}

const (
	claimed = iota
	arrived
	noticeDay
	possession
	bought
	warrantyStart
	defectKnown
	defectDay
	waitingDays
	crossBorder
	ageMonths
	declaredOrSent
	toldLate
	madeCount
)

var vocabulary = makeWords()

func makeWords() *words {
	w := &words{byID: map[string]int{}}
	w.walk(reflect.TypeFor[Facts](), "", nil)
	for i, m := range made {
		w.derived[i] = len(w.all)
		w.all = append(w.all, m)
	}
	for i, one := range w.all {
		w.byID[one.name] = i
		if one.among != nil {
			w.choices = append(w.choices, i)
		}
		if one.usual != "" {
			w.usual = append(w.usual, i)
		}
	}
	if len(w.all) > maxWords {
		panic("rights: more facts than a set holds")
	}
	return w
}

var momentType = reflect.TypeFor[Moment]()

func (w *words) walk(t reflect.Type, prefix string, path []int) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		at := append(slices.Clone(path), i)
		one := word{name: prefix + name, path: at, doc: f.Tag.Get("doc"), usual: f.Tag.Get("assume")}
		if list := f.Tag.Get("enum"); list != "" {
			one.among = strings.Split(list, ",")
		}
		switch {
		case f.Type == momentType:
			one.kind = date
		case f.Type.Kind() == reflect.Struct:
			w.walk(f.Type, prefix+name+".", at)
			continue
		case f.Type == reflect.TypeFor[bool]():
			one.kind, one.sure = yesno, true
		case f.Type == reflect.TypeFor[*bool]():
			one.kind = yesno
		case f.Type == reflect.TypeFor[*int64]():
			one.kind = number
		case f.Type != reflect.TypeFor[string]():
			panic("rights: a fact of a type that nobody reads: " + one.name)
		}
		w.all = append(w.all, one)
	}
}

// table is every fact of one question, by its place in the vocabulary.
type table [maxWords]value

func one(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func (t *table) set(which int, v value) { t[vocabulary.derived[which]] = v }

// Places of facts that others are worked out from.
var (
	theAsOf                = vocabulary.byID["as_of"]
	theContractAt          = vocabulary.byID["contract.at"]
	theDefectFoundAt       = vocabulary.byID["defect.found_at"]
	theDefectNotifiedAt    = vocabulary.byID["defect.notified_at"]
	theDeliveryAt          = vocabulary.byID["delivery.at"]
	theDeliveryFirstAt     = vocabulary.byID["delivery.first_at"]
	theDeliveryInstalledAt = vocabulary.byID["delivery.installed_at"]
	theDeliveryInvoiceAt   = vocabulary.byID["delivery.invoice_at"]
	theDeliveryLastAt      = vocabulary.byID["delivery.last_at"]
	theNoticeReceivedAt    = vocabulary.byID["notice.received_at"]
	theNoticeSentAt        = vocabulary.byID["notice.sent_at"]
	theRepairAskedAt       = vocabulary.byID["repair.asked_at"]
	theRepairReturnedAt    = vocabulary.byID["repair.returned_at"]
	theReturnSentAt        = vocabulary.byID["return.sent_at"]
	theToldRightAt         = vocabulary.byID["told.right_at"]
	theBuyer               = vocabulary.byID["buyer.type"]
	theSeller              = vocabulary.byID["seller.type"]
)

// assume fills in what is so unless somebody says otherwise.
func (t *table) assume(f *Facts) {
	say := func(i int, s string) {
		if !t[i].known {
			t[i] = value{known: true, s: s}
		}
	}
	for _, i := range vocabulary.usual {
		if !t[i].known {
			t[i] = value{known: true, n: one(vocabulary.all[i].usual == "yes")}
		}
	}
	if p := f.Buyer.PrivatePercent; p != nil && *p <= 50 {
		say(theBuyer, "business")
	}
	say(theBuyer, "consumer")
	say(theSeller, "business")
}

func first(all ...value) value {
	for _, v := range all {
		if v.known {
			return value{known: true, given: true, n: v.n}
		}
	}
	return value{}
}

// derive works out the facts in made.
func (t *table) derive(f *Facts) {
	asOf := t[theAsOf]
	at := t[theDeliveryAt]
	last, begin := first(t[theDeliveryLastAt], at), first(t[theDeliveryFirstAt], at)
	t.set(claimed, first(t[theNoticeSentAt], t[theNoticeReceivedAt], asOf))
	t.set(arrived, first(t[theNoticeReceivedAt], asOf))
	t.set(noticeDay, first(t[theNoticeReceivedAt], t[theNoticeSentAt]))
	if f.Contract.Subscription {
		t.set(possession, begin)
	} else {
		t.set(possession, last)
	}
	t.set(bought, first(t[theContractAt], begin, asOf))
	t.set(warrantyStart, first(t[theDeliveryInstalledAt], at, t[theDeliveryInvoiceAt]))
	known := f.Claim == "defect" || f.Defect != (Defect{})
	t.set(defectKnown, value{known: true, n: one(known)})
	day := first(t[theDefectFoundAt], t[theDefectNotifiedAt], t[theNoticeSentAt], asOf)
	t.set(defectDay, day)
	said, sent := t[theNoticeSentAt], t[theReturnSentAt]
	if sent.known && (!said.known || sent.n < said.n) {
		said = sent
	}
	t.set(declaredOrSent, first(said, t[theNoticeReceivedAt], asOf))
	if asked := t[theRepairAskedAt]; asked.known {
		t.set(waitingDays, value{known: true, n: first(t[theRepairReturnedAt], asOf).n - asked.n + 1})
	}
	if f.Seller.Country != "" && f.Buyer.Residence != "" {
		t.set(crossBorder, value{known: true, n: one(f.Seller.Country != country(f.Buyer.Residence))})
	}
	if at.known {
		t.set(ageMonths, value{known: true, n: monthsBetween(at.n, day.n)})
	}
	if !f.Told.At.IsZero() && last.known {
		t.set(toldLate, value{known: true, n: one(t[theToldRightAt].n > last.n)})
	} else if f.Told.At.IsZero() {
		t.set(toldLate, value{known: true})
	}
}

func country(jurisdiction string) string {
	name, _, _ := strings.Cut(jurisdiction, "-")
	return name
}

// put writes a value of the right kind to its place.
func (f *Facts) put(w *word, from any) {
	at := reflect.ValueOf(f).Elem()
	for _, i := range w.path {
		at = at.Field(i)
	}
	if at.Kind() == reflect.Pointer {
		at.Set(reflect.ValueOf(from))
		return
	}
	at.Set(reflect.ValueOf(from).Elem())
}
