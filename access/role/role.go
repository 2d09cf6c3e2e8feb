// Package role says who may do what: the permissions, the roles of staff, and
// the one table that joins them.
//
// It owns that table and the question Allow. It does not own people (package
// account), keys (package apikey), or which rows somebody sees: a permission
// opens a route, the owner of the rows still looks at actor.Seller and
// actor.Mine. What is not listed here is not allowed.
package role

import (
	"slices"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
)

// Permissions, as routes name them.
const (
	Public       actor.Permission = "public" // everybody, also without signing in
	OrderRead    actor.Permission = "order.read"
	OrderWrite   actor.Permission = "order.write"
	CustomerRead actor.Permission = "customer.read" // who bought, with contacts and tier
	CustomerTier actor.Permission = "customer.tier" // give and take tiers
	CaseRead     actor.Permission = "case.read"
	CaseOpen     actor.Permission = "case.open"
	CaseDecide   actor.Permission = "case.decide"
	CaseReceive  actor.Permission = "case.receive"
	CaseNote     actor.Permission = "case.note"
	CaseExport   actor.Permission = "case.export"
	MessageWrite actor.Permission = "message.write" // write to the customer of a case
	ReplyManage  actor.Permission = "reply.manage"  // ready-made texts that all may use
	ParcelScan   actor.Permission = "parcel.scan"
	StockRead    actor.Permission = "stock.read"
	ProductRead  actor.Permission = "product.read"
	ProductWrite actor.Permission = "product.write"
	PayoutRead   actor.Permission = "payout.read"
	PayoutManage actor.Permission = "payout.manage"
	ClearingRead actor.Permission = "clearing.read"
	WalletRead   actor.Permission = "wallet.read"
	WalletManage actor.Permission = "wallet.manage"
	// WalletUnlimited is wallet.manage without its daily limit.
	WalletUnlimited actor.Permission = "wallet.unlimited"
	ChargeRead      actor.Permission = "charge.read"
	ChargeManage    actor.Permission = "charge.manage"
	JobRead         actor.Permission = "job.read"
	JobManage       actor.Permission = "job.manage"
	StaffManage     actor.Permission = "staff.manage"
	KeyManage       actor.Permission = "key.manage"
	PolicyRead      actor.Permission = "policy.read"
	TermsRead       actor.Permission = "terms.read" // the policies that apply to what the reader sells, or to all
	PolicyWrite     actor.Permission = "policy.write"
	PolicyPublish   actor.Permission = "policy.publish"
	RightsRead      actor.Permission = "rights.read"    // the law, by country
	CalendarRead    actor.Permission = "calendar.read"  // when the shop's desks work; of a seller, the own
	CalendarWrite   actor.Permission = "calendar.write" // change it; of a seller, the own within the shop's limits
	ViewShare       actor.Permission = "view.share"     // lists of cases for all colleagues
	EventRead       actor.Permission = "event.read"
	AuditRead       actor.Permission = "audit.read" // who did what, with names
	ShopManage      actor.Permission = "shop.manage"
	PrivacyRead     actor.Permission = "privacy.read"  // who read personal data
	PrivacyErase    actor.Permission = "privacy.erase" // erase a person
	SealManage      actor.Permission = "seal.manage"   // add and retire keys of the sealed log
	SessionOwn      actor.Permission = "session.own"   // every signed-in member of staff
	FactorOwn       actor.Permission = "factor.own"    // the same, also while the second factor is missing
	InsightRead     actor.Permission = "insight.read"
	WebhookManage   actor.Permission = "webhook.manage"
	TemplateManage  actor.Permission = "template.manage"
	AccountManage   actor.Permission = "account.manage" // the shop's accounts at payment companies and carriers
	MyOrders        actor.Permission = "my.orders"      // customers only
	MyCases         actor.Permission = "my.cases"       // customers only
	MyMoney         actor.Permission = "my.money"       // customers only
)

// Roles of staff.
const (
	Administrator = "administrator"
	Supervisor    = "supervisor"
	Agent         = "agent"
	Warehouse     = "warehouse"
	Seller        = "seller"
	Auditor       = "auditor"
	Privacy       = "privacy" // the privacy officer
)

// Roles lists the roles of staff, the most powerful first.
var Roles = []string{Administrator, Supervisor, Agent, Warehouse, Seller, Auditor, Privacy}

// All lists the permissions that staff may hold, in the order of the table.
var All = []actor.Permission{
	OrderRead, OrderWrite, CustomerRead, CustomerTier, CaseRead, CaseOpen, CaseDecide, CaseReceive, CaseNote, CaseExport, MessageWrite, ReplyManage, ParcelScan,
	StockRead, ProductRead, ProductWrite,
	PayoutRead, PayoutManage, ClearingRead, WalletRead, WalletManage, WalletUnlimited, ChargeRead, ChargeManage,
	JobRead, JobManage, StaffManage, KeyManage, PolicyRead, TermsRead, PolicyWrite, PolicyPublish, RightsRead, CalendarRead, CalendarWrite, ViewShare, EventRead, AuditRead, ShopManage, InsightRead, WebhookManage, TemplateManage, AccountManage, PrivacyRead, PrivacyErase, SealManage, SessionOwn, FactorOwn,
}

// table is what each role of staff may do.
var table = map[string][]actor.Permission{
	Administrator: All,
	Supervisor: {
		OrderRead, CustomerRead, CustomerTier, CaseRead, CaseOpen, CaseDecide, CaseReceive, CaseNote, CaseExport, MessageWrite, ReplyManage,
		StockRead, ProductRead,
		PayoutRead, PayoutManage, ClearingRead, WalletRead, WalletManage, ChargeRead, ChargeManage,
		JobRead, PolicyRead, TermsRead, PolicyWrite, RightsRead, CalendarRead, ViewShare, EventRead, AuditRead, InsightRead, TemplateManage, SessionOwn, FactorOwn,
	},
	Agent:     {OrderRead, CustomerRead, CaseRead, CaseOpen, CaseDecide, CaseNote, MessageWrite, ProductRead, PayoutRead, WalletRead, ChargeRead, RightsRead, EventRead, SessionOwn, FactorOwn},
	Warehouse: {CaseRead, CaseReceive, ParcelScan, StockRead, ProductRead, RightsRead, EventRead, SessionOwn, FactorOwn},
	Seller:    {OrderRead, CaseRead, CaseDecide, CaseNote, MessageWrite, StockRead, ProductRead, ClearingRead, TermsRead, RightsRead, CalendarRead, CalendarWrite, EventRead, InsightRead, SessionOwn, FactorOwn},
	Auditor:   {OrderRead, CustomerRead, CaseRead, CaseExport, StockRead, ProductRead, PayoutRead, ClearingRead, WalletRead, ChargeRead, JobRead, PolicyRead, TermsRead, RightsRead, CalendarRead, EventRead, AuditRead, InsightRead, SessionOwn, FactorOwn},
	Privacy:   {OrderRead, CustomerRead, CaseRead, CaseExport, PolicyRead, TermsRead, RightsRead, CalendarRead, EventRead, AuditRead, PrivacyRead, PrivacyErase, SessionOwn, FactorOwn},
}

// customers is what somebody who proved to own an order may do.
var customers = []actor.Permission{MyOrders, MyCases, MyMoney}

// personal permissions are never given to a program: a key that leaks must not
// be able to make itself, or an account, that outlives it.
var personal = []actor.Permission{StaffManage, KeyManage, ViewShare, PrivacyErase, SealManage, WebhookManage, AccountManage, SessionOwn, FactorOwn}

// Refusals of Allow.
var (
	ErrSignIn = fault.New(fault.Unauthenticated, "role.sign_in", "Sign in first.")
	ErrDenied = fault.New(fault.Denied, "role.denied", "You are not allowed to do this.")
	ErrHalf   = fault.New(fault.Denied, "role.second_factor", "Your role needs a second factor. Set one up, or sign in with it.")
)

// Allow answers nil when the actor may do what the permission names, ErrSignIn
// when nobody is signed in, ErrHalf when a second factor is missing, and
// ErrDenied, with the permission, otherwise.
func Allow(by actor.Actor, need actor.Permission) error {
	if need == Public {
		return nil
	}
	var held []actor.Permission
	switch by.Kind {
	case actor.Staff:
		if by.Half && need != FactorOwn {
			return ErrHalf
		}
		held = table[by.Role]
	case actor.Customer:
		held = customers
	case actor.Key:
		if scope(by, need) {
			return nil
		}
	case actor.Nobody, "":
		return ErrSignIn
	}
	if slices.Contains(held, need) {
		return nil
	}
	return ErrDenied.With("permission", string(need))
}

// Permissions lists what a role of staff may do; an unknown role may nothing.
func Permissions(role string) []actor.Permission { return slices.Clone(table[role]) }

// With lists the roles of staff that hold a permission, the most powerful first.
func With(need actor.Permission) (roles []string) {
	for _, name := range Roles {
		if slices.Contains(table[name], need) {
			roles = append(roles, name)
		}
	}
	return roles
}

// Known reports whether a role of staff exists.
func Known(role string) bool { return slices.Contains(Roles, role) }

// Grantable lists what a key may hold; of a key that belongs to one seller,
// only what the seller role may do, because everything else is the shop's.
func Grantable(seller string) []actor.Permission {
	from := All
	if seller != "" {
		from = table[Seller]
	}
	return slices.DeleteFunc(slices.Clone(from), func(p actor.Permission) bool { return slices.Contains(personal, p) })
}

// setup permissions change what a shop is for everybody who works there: who may
// sign in, what it is connected to, its law and its look, and who is forgotten.
// The work itself, with cases, parcels, money and drafts, is not among them.
var setup = []actor.Permission{
	OrderWrite, ProductWrite, JobManage, StaffManage, KeyManage, PolicyPublish, CalendarWrite, ShopManage, WebhookManage, TemplateManage, AccountManage,
	PrivacyErase, SealManage,
}

// Setup lists those of a role's permissions that change what the shop is for
// everybody. Sign-ins that strangers share may look at it and leave it as it is.
func Setup(role string) []actor.Permission {
	return slices.DeleteFunc(slices.Clone(setup), func(p actor.Permission) bool { return !slices.Contains(table[role], p) })
}

// before are the permissions that were a part of another one once: keys of the
// shop that hold that one hold them.
var before = map[actor.Permission]actor.Permission{TermsRead: PolicyRead, CalendarRead: PolicyRead, CalendarWrite: ShopManage}

// scope asks a key's own list. A permission that keys may not hold is refused
// even where a stored list names it.
func scope(by actor.Actor, need actor.Permission) bool {
	if once, split := before[need]; split && by.Seller == "" && scope(by, once) {
		return true
	}
	return slices.Contains(strings.Fields(by.Scopes), string(need)) && slices.Contains(Grantable(by.Seller), need)
}
