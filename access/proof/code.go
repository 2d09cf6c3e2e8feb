package proof

import (
	"encoding/binary"
	"fmt"

	"github.com/aftercare/aftercare/platform/secret"
)

// address is where the code of a challenge goes: the holder's own contact, if
// it is the one that was typed; else nothing.
func (s *Service) address(h Holder, c challenge) string {
	own := h.Email
	if c.Channel == SMS {
		own = h.Phone
	}
	contact, channel, ok := normal(own)
	if !ok || channel != c.Channel || !among(string(c.Contact), s.o.Keys.MACs(contactPurpose, c.Tenant+"\n"+contact)) {
		return ""
	}
	return own
}

const contactPurpose, codePurpose = "proof.contact", "proof.code"

// among tells whether a value is what one of the master keys gives or gave.
func among(value string, all [][]byte) (found bool) {
	for _, one := range all {
		found = secret.Equal(value, string(one)) || found
	}
	return found
}

// mac stands for a contact in the store, where it tells nobody whose it is.
func (s *Service) mac(tenant, contact string) []byte {
	return s.o.Keys.MAC(contactPurpose, tenant+"\n"+contact)
}

// code is the six digits of a challenge. They are not stored: they are an HMAC
// of the challenge's id under the installation's key, so that they can be sent
// later, and only whoever has the key can know them.
func (s *Service) code(c challenge) string { return s.codes(c)[0] }

// codes are the code of a challenge, and what it was under the keys before: one
// may be on its way while the key is changed.
func (s *Service) codes(c challenge) (all []string) {
	for _, sum := range s.o.Keys.MACs(codePurpose, c.Tenant+"\n"+c.ID) {
		all = append(all, fmt.Sprintf("%06d", binary.BigEndian.Uint64(sum)%1_000_000))
	}
	return all
}
