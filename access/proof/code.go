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
	if !ok || channel != c.Channel || !secret.Equal(string(s.mac(c.Tenant, contact)), string(c.Contact)) {
		return ""
	}
	return own
}

// mac stands for a contact in the store, where it tells nobody whose it is.
func (s *Service) mac(tenant, contact string) []byte {
	return s.o.Keys.MAC("proof.contact", tenant+"\n"+contact)
}

// code is the six digits of a challenge. They are not stored: they are an HMAC
// of the challenge's id under the installation's key, so that they can be sent
// later, and only whoever has the key can know them.
func (s *Service) code(c challenge) string {
	sum := s.o.Keys.MAC("proof.code", c.Tenant+"\n"+c.ID)
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(sum)%1_000_000)
}
