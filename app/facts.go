package app

import (
	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/apikey"
	"github.com/aftercare/aftercare/access/audit"
	"github.com/aftercare/aftercare/access/factor"
	"github.com/aftercare/aftercare/access/proof"
	"github.com/aftercare/aftercare/access/reads"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/connect/merchant"
	"github.com/aftercare/aftercare/connect/webhook"
	"github.com/aftercare/aftercare/desk/brand"
	"github.com/aftercare/aftercare/desk/mention"
	"github.com/aftercare/aftercare/desk/message"
	"github.com/aftercare/aftercare/desk/notice"
	"github.com/aftercare/aftercare/desk/privacy"
	"github.com/aftercare/aftercare/desk/reply"
	"github.com/aftercare/aftercare/desk/template"
	"github.com/aftercare/aftercare/desk/widget"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/clearing"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/finance/wallet"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/goods/stock"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/seal"
	"github.com/aftercare/aftercare/quality/backtest"
	"github.com/aftercare/aftercare/quality/insight"
	"github.com/aftercare/aftercare/quality/rating"
	"github.com/aftercare/aftercare/rules/opening"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
	"github.com/aftercare/aftercare/sales/product"
)

// fact is one type of event with what it means. A test holds the list against
// the source, so none is missing.
type fact struct {
	name, meaning string
	fact          event.Fact
}

var facts = []fact{
	{"account.added", "A shop has one account more at a payment company or carrier.", merchant.AddedFact{}},
	{"account.changed", "Somebody changed an account at a company: updated, enabled or disabled.", merchant.ChangedFact{}},
	{"account.removed", "A shop does not use an account at a company any more; what is under way ends with it.", merchant.RemovedFact{}},
	{"account.tested", "An account at a company was tried, and works or not.", merchant.TestedFact{}},
	{"backtest.asked", "Somebody wants rules tried on the past.", backtest.Asked{}},
	{"backtest.ended", "A back-test is done, was cancelled, or has failed.", backtest.Ended{}},
	{"brand.changed", "A shop looks different to its customers: by colour, words and links, or by a picture.", brand.Changed{}},
	{"case.DECISION", "A request was decided: approved, rejected, asked when the customer has to say more, or review_needed when a person has to look.", cases.Decided{}},
	{"case.OFFER", "An offer was answered: offer_accepted, offer_declined, or offer_expired when nobody did.", cases.Answered{}},
	{"case.STEP", "A case took a step: see the state diagram; the name says what was done.", cases.Moved{}},
	{"case.amended", "The customer asked again after a refusal.", cases.Amended{}},
	{"case.answered", "The customer said or showed what was asked; what follows from it is the next event.", cases.Told{}},
	{"case.assigned", "Somebody works on the case, or nobody in particular.", cases.Assigned{}},
	{"case.graded", "The goods were inspected and the money is reserved.", cases.Graded{}},
	{"case.note_taken_back", "The writer of a remark took it back: its text is not shown any more.", cases.NoteTakenBack{}},
	{"case.noted", "Staff made a remark that only staff see.", cases.Noted{}},
	{"case.offered", "One side proposed something else.", cases.Offered{}},
	{"case.overdue", "Money has not left in time and a person must look.", cases.Overdue{}},
	{"case.submitted", "Somebody asked for a return.", cases.Opened{}},
	{"charge.declined", "An attempt to pay a charge was turned down.", charge.DeclinedFact{}},
	{"charge.demanded", "A customer owes something in a case.", charge.DemandedFact{}},
	{"charge.expired", "A charge was not paid in time.", charge.ExpiredFact{}},
	{"charge.overpaid", "Money came that does not fit its charge: a second payment, one too late, or another amount. A person has to pay it back.", charge.OverpaidFact{}},
	{"charge.paid", "A charge is paid.", charge.PaidFact{}},
	{"charge.waived", "A charge is not owed any more.", charge.WaivedFact{}},
	{"charge.written_off", "A charge is owed and given up.", charge.WrittenOffFact{}},
	{"chargeback.closed", "A chargeback ended; payouts that waited are sent, or go to a person when it was lost.", settlement.ChargebackClosedFact{}},
	{"case.dispute_closed", "The chargeback of a case's payment ended: won, withdrawn or lost.", cases.Disputed{}},
	{"case.dispute_opened", "A bank takes back the payment of a case; its payouts wait.", cases.Disputed{}},
	{"case.escalated", "Nobody answered in time what silence does not approve: a lower price that was not confirmed, a compensation, a promise. A person has to.", cases.Moved{}},
	{"case.benefits", "The money of a case means something for points and coupons: points to give back and take back, coupons to issue again. Each event tells the difference to what the case told before, and the total: apply it once by case and turn, or set what you have to the total.", cases.Benefits{}},
	{"case.money_returned", "Money that a case paid came back; a person has to pay it another way.", cases.MoneyBack{}},
	{"chargeback.opened", "A bank takes a payment back; payouts to it wait.", settlement.ChargebackOpenedFact{}},
	{"clearing.booked", "Who got and bore what of a case's money was booked.", clearing.BookedFact{}},
	{"customer.tier_set", "A customer got a tier, kept it longer or lost it.", customer.TierSet{}},
	{"customer.erased", "A customer was erased; who copied events should erase what it has.", privacy.ErasedFact{}},
	{"data.erased", "Personal data of events was removed; every proof stays valid.", event.Erased{}},
	{"data.exported", "Somebody took data out as a file.", audit.Exported{}},
	{"data.read", "Reads of personal data were noted; only keyed commitments to them are told.", reads.NotedFact{}},
	{"factor.added", "A member of staff added a second factor.", factor.Added{}},
	{"factor.blocked", "Codes of a member of staff are not accepted for a while, after too many wrong ones.", factor.Blocked{}},
	{"factor.code_used", "A recovery code stood in for a second factor.", factor.CodeUsed{}},
	{"factor.codes_made", "A member of staff made new recovery codes.", factor.CodesMade{}},
	{"factor.removed", "A member of staff removed a second factor.", factor.Removed{}},
	{"factor.required", "Which roles must have a second factor was changed.", factor.RequiredFact{}},
	{"factor.reset", "All second factors of a member of staff were taken away.", factor.ResetFact{}},
	{"insight.rebuilt", "The figures of a shop were counted anew.", insight.Rebuilt{}},
	{"key.created", "A program got access.", apikey.Created{}},
	{"key.revoked", "A program lost its access.", apikey.Revoked{}},
	{"mention.made", "A colleague was named in a note and may see it.", mention.Made{}},
	{"message.read", "A side has read the conversation about a case up to a place.", message.ReadFact{}},
	{"message.settled", "Staff find that what the customer wrote needs no answer.", message.SettledFact{}},
	{"message.written", "The customer wrote to the shop about a case, or the shop to the customer.", message.Written{}},
	{"notice.failed", "An e-mail to a customer could not be delivered for good.", notice.FailedFact{}},
	{"notice.sent", "An e-mail to a customer was taken by the mail server.", notice.SentFact{}},
	{"opening.changed", "A desk of the shop works at other times, or its deadlines count them otherwise; deadlines that run are as they were.", opening.Changed{}},
	{"opening.seller_changed", "A seller's people answer at other times, or their deadlines count them otherwise; deadlines that run are as they were.", opening.SellerChanged{}},
	{"opening.seller_returned", "A seller keeps the shop's calendar again.", opening.Returned{}},
	{"order.imported", "An order came in.", order.Imported{}},
	{"order.returned", "Units came back before Aftercare knew the order.", order.Returned{}},
	{"order.sent", "Lines of an order left the shop or arrived.", order.Sent{}},
	{"parcel.STATE", "A parcel reached a state: handed_over, in_transit, refused, intercepted, lost, delivered, returned, received or cancelled.", shipment.Moved{}},
	{"parcel.WISH", "What became of the wish to stop a parcel: intercept_requested, intercept_accepted or intercept_refused.", shipment.Wished{}},
	{"parcel.booking_STATE", "What became of booking a carrier: requested, booked, declined, cancelling, cancelled, missed or stuck.", shipment.Agreed{}},
	{"parcel.exception", "A carrier reports a problem with a parcel; it is still where it was.", shipment.Troubled{}},
	{"parcel.label_issued", "A parcel of a case has a label.", shipment.Issued{}},
	{"parcel.readdressed", "A parcel that has not left goes to another address, which is not told here.", shipment.Readdressed{}},
	{"parcel.rerouted", "Carrier or number of a parcel under way were corrected.", shipment.Rerouted{}},
	{"payout.blocked", "A payout waits for the end of a chargeback.", settlement.BlockedFact{}},
	{"payout.duplicate", "A provider reports a payment for a payout that was settled by another one.", settlement.DuplicateFact{}},
	{"payout.failed", "A payout was declined and waits for a person.", settlement.FailedFact{}},
	{"payout.manual", "A person has to pay.", settlement.ManualFact{}},
	{"payout.redirected", "A payout goes to other means of payment, as the customer agreed.", settlement.RedirectedFact{}},
	{"payout.reserved", "Money is owed and will be paid.", settlement.ReservedFact{}},
	{"payout.retried", "A person had a payout sent again.", settlement.RetriedFact{}},
	{"payout.reversed", "Money that was paid came back; a person has to pay it another way.", settlement.ReversedFact{}},
	{"payout.submitted", "A payout was sent and its outcome is not known yet.", settlement.SubmittedFact{}},
	{"payout.succeeded", "A payout is paid; all_settled says that it was the last of its case.", settlement.SucceededFact{}},
	{"payout.unblocked", "A payout that waited for a chargeback is sent after all.", settlement.UnblockedFact{}},
	{"photo.attached", "Photos became evidence of a case.", evidence.Attached{}},
	{"policy.saved", "A policy has a new live version.", policy.Saved{}},
	{"policy.changed", "A version of a policy was written, read, retired or thrown away.", policy.Changed{}},
	{"product.saved", "An article of the catalogue is new or has changed.", product.Saved{}},
	{"proof.failed", "Somebody did not prove to be a customer.", proof.Failed{}},
	{"rating.changed", "A customer changed the rating of a case.", rating.Changed{}},
	{"rating.given", "A customer rated a case that is over.", rating.Given{}},
	{"rating.looked", "Somebody of the staff looked at a low rating.", rating.Looked{}},
	{"proof.key_made", "The shop may sign tokens for its customers with a new key.", proof.KeyMade{}},
	{"proof.key_removed", "A key of the shop's tokens was ended.", proof.KeyRemoved{}},
	{"proof.link_resent", "A customer had a new link sent in place of one that had expired.", proof.Resent{}},
	{"proof.succeeded", "A customer proved who he is.", proof.Succeeded{}},
	{"reply.removed", "A ready-made text for messages is gone.", reply.RemovedFact{}},
	{"reply.saved", "A ready-made text for messages is new or has changed.", reply.SavedFact{}},
	{"seal.key_added", "The sealed log is signed with a new key.", seal.KeyAdded{}},
	{"seal.key_retired", "A key of the sealed log signs nothing any more.", seal.KeyRetired{}},
	{"secret.dropped", "A master key that wrote before is not needed any more and was given up.", MasterDropped{}},
	{"secret.rotated", "Another master key seals from now on; what was sealed before is sealed again.", MasterRotated{}},
	{"session.confirmed", "Somebody gave the password once more for what needs it.", session.ConfirmedFact{}},
	{"session.ended", "A session ended.", session.Ended{}},
	{"session.started", "Somebody signed in.", session.Started{}},
	{"staff.created", "Somebody joined the staff.", account.Created{}},
	{"staff.locked", "Signing in was blocked after too many wrong passwords.", account.Locked{}},
	{"staff.updated", "An account changed.", account.Updated{}},
	{"stock.moved", "Goods of a case go somewhere: back on the shelf, to repair, to the customer again …", stock.Moved{}},
	{"template.saved", "A shop changed its words for an e-mail, or went back to the standard ones.", template.Saved{}},
	{"tenant.created", "A shop was added.", tenant.Created{}},
	{"tenant.updated", "A shop's settings changed.", tenant.Updated{}},
	{"unit.graded", "Every received unit was graded.", inspection.UnitsGraded{}},
	{"unit.received", "What arrived was counted.", inspection.UnitsReceived{}},
	{"wallet.ENTRY", "A customer's balance changed: refunded, adjusted, spent or expired.", wallet.BookedFact{}},
	{"webhook.changed", "Somebody changed a webhook: updated, enabled, disabled, rotated or deleted.", webhook.Changed{}},
	{"webhook.created", "A shop has one webhook more.", webhook.Created{}},
	{"webhook.gave_up", "A webhook is not used any more because its receiver does not answer, or wants nothing more.", webhook.GaveUp{}},
	{"widget.changed", "The sites on which a shop shows the portal as a widget are others.", widget.Changed{}},
}
