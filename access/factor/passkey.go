package factor

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/url"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// owner is a member of staff as the library wants him.
type owner struct {
	id          string
	who         Person
	credentials []webauthn.Credential
}

func (o owner) WebAuthnID() []byte                         { return []byte(o.id) }
func (o owner) WebAuthnName() string                       { return o.who.Email }
func (o owner) WebAuthnDisplayName() string                { return o.who.Name }
func (o owner) WebAuthnCredentials() []webauthn.Credential { return o.credentials }

// party is the place that passkeys are made for and shown at. A shop's own host
// is one, and the machine itself; any other request is at the address of the
// installation. Browsers offer passkeys by https only, and on the same machine.
func (s *Service) party(ctx context.Context, tx *db.Tx, shopID, host string) (*webauthn.WebAuthn, error) {
	shop, err := tenant.ByID(ctx, tx, shopID)
	if err != nil {
		return nil, err
	}
	if base, err := url.Parse(s.o.Base); s.o.Base != "" && err == nil && bare(host) != shop.Host && bare(host) != "localhost" {
		host = base.Host
	}
	name := bare(host)
	if name == "" || net.ParseIP(name) != nil {
		return nil, ErrSite
	}
	origins := []string{"https://" + host}
	if name == "localhost" {
		origins = append(origins, "http://"+host)
	}
	return webauthn.New(&webauthn.Config{
		RPID: name, RPDisplayName: shop.Name, RPOrigins: origins, AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementPreferred, UserVerification: protocol.VerificationPreferred},
	})
}

// bare is the name of a host without its port.
func bare(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.ToLower(strings.Trim(host, "[]"))
}

// person reads somebody with the passkeys of a place.
func (s *Service) person(ctx context.Context, tx *db.Tx, shopID, staff, site string) (owner, []record, error) {
	who, err := s.o.Person(ctx, tx, shopID, staff)
	if err != nil {
		return owner{}, nil, err
	}
	all, err := of(ctx, tx, shopID, staff)
	if err != nil {
		return owner{}, nil, err
	}
	o := owner{id: staff, who: who}
	var rows []record
	for _, r := range all {
		if r.Kind != Passkey || r.Site != site {
			continue
		}
		c, err := s.credential(r)
		if err != nil {
			return o, nil, err
		}
		o.credentials, rows = append(o.credentials, c), append(rows, r)
	}
	return o, rows, nil
}

func (s *Service) credential(r record) (c webauthn.Credential, err error) {
	raw, err := s.o.Keys.Open(sealPurpose, place(r), r.secret)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	return c, err
}

func (s *Service) keep(r *record, c *webauthn.Credential) error {
	c.Attestation = webauthn.CredentialAttestation{} // no use is made of it
	raw, err := json.Marshal(c)
	if err == nil {
		r.secret, err = s.o.Keys.Seal(sealPurpose, place(*r), raw)
	}
	return err
}

// BeginPasskey asks the browser to make a passkey. Nothing is stored before
// AddPasskey. In a demonstration it fails with ErrDemo.
func (s *Service) BeginPasskey(ctx context.Context, tx *db.Tx, by actor.Actor, host string) (Question, error) {
	if err := s.apart(); err != nil {
		return Question{}, err
	}
	if err := ready(ctx, tx, by); err != nil {
		return Question{}, err
	}
	p, err := s.party(ctx, tx, by.Tenant, host)
	if err != nil {
		return Question{}, err
	}
	o, _, err := s.person(ctx, tx, by.Tenant, by.ID, p.Config.RPID)
	if err != nil {
		return Question{}, err
	}
	var known []protocol.CredentialDescriptor
	for _, c := range o.credentials {
		known = append(known, c.Descriptor())
	}
	options, ceremony, err := p.BeginRegistration(o, webauthn.WithExclusions(known))
	if err != nil {
		return Question{}, err
	}
	return s.ask(tx, by.Tenant, forPasskey, ticket{Staff: by.ID, Ceremony: ceremony}, options.Response)
}

// AddPasskey adds what the browser has made. With the first factor it returns
// recovery codes, which are shown once.
func (s *Service) AddPasskey(ctx context.Context, tx *db.Tx, by actor.Actor, made Proof, name string) (Factor, []string, error) {
	name, err := named(name)
	if err != nil {
		return Factor{}, nil, err
	}
	t, err := s.open(tx, by.Tenant, forPasskey, made.Ticket)
	if err != nil || t.Staff != by.ID || t.Ceremony == nil {
		return Factor{}, nil, ErrOver
	}
	if err := t.spend(ctx, tx, by.Tenant); err != nil {
		return Factor{}, nil, err
	}
	p, err := s.party(ctx, tx, by.Tenant, made.Host)
	if err != nil {
		return Factor{}, nil, err
	}
	o, _, err := s.person(ctx, tx, by.Tenant, by.ID, p.Config.RPID)
	if err != nil {
		return Factor{}, nil, err
	}
	raw, _ := json.Marshal(made.Response)
	parsed, err := protocol.ParseCredentialCreationResponseBytes(raw)
	if err != nil {
		return Factor{}, nil, ErrWrong
	}
	c, err := p.CreateCredential(o, *t.Ceremony, parsed)
	if err != nil {
		return Factor{}, nil, ErrWrong
	}
	r := s.fresh(tx, by, Passkey, name)
	r.Site, r.credential = p.Config.RPID, c.ID
	if err := s.keep(&r, c); err != nil {
		return Factor{}, nil, err
	}
	return s.add(ctx, tx, by, r)
}

// AskPasskey asks the browser for one of somebody's passkeys of this place. It
// fails with ErrNone where there is none.
func (s *Service) AskPasskey(ctx context.Context, tx *db.Tx, shopID, staff, host string) (Question, error) {
	p, err := s.party(ctx, tx, shopID, host)
	if err != nil {
		return Question{}, err
	}
	o, rows, err := s.person(ctx, tx, shopID, staff, p.Config.RPID)
	if err != nil {
		return Question{}, err
	}
	if len(rows) == 0 {
		return Question{}, ErrNone
	}
	options, ceremony, err := p.BeginLogin(o)
	if err != nil {
		return Question{}, err
	}
	return s.ask(tx, shopID, forProof, ticket{Staff: staff, Ceremony: ceremony}, options.Response)
}

// AskAnybody asks the browser for a passkey of whoever sits there. It must have
// checked who that is, because nothing else will be asked.
func (s *Service) AskAnybody(ctx context.Context, tx *db.Tx, shopID, host string) (Question, error) {
	p, err := s.party(ctx, tx, shopID, host)
	if err != nil {
		return Question{}, err
	}
	options, ceremony, err := p.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return Question{}, err
	}
	return s.ask(tx, shopID, forSignIn, ticket{Ceremony: ceremony}, options.Response)
}

func (s *Service) ask(tx *db.Tx, shopID, purpose string, t ticket, options any) (q Question, err error) {
	if q.Ticket, q.Until, err = s.seal(tx, shopID, purpose, t); err != nil {
		return q, err
	}
	raw, err := json.Marshal(options)
	if err == nil {
		err = json.Unmarshal(raw, &q.Options)
	}
	return q, err
}

func (s *Service) checkPasskey(ctx context.Context, tx *db.Tx, shopID, staff string, shown Proof) error {
	t, err := s.open(tx, shopID, forProof, shown.Ticket)
	if err != nil || t.Staff != staff || t.Ceremony == nil {
		return ErrOver
	}
	return s.accept(ctx, tx, shopID, t, shown, func(p *webauthn.WebAuthn, parsed *protocol.ParsedCredentialAssertionData) (record, *webauthn.Credential, error) {
		o, rows, err := s.person(ctx, tx, shopID, staff, p.Config.RPID)
		if err != nil {
			return record{}, nil, err
		}
		c, err := p.ValidateLogin(o, *t.Ceremony, parsed)
		if err != nil {
			return record{}, nil, ErrWrong
		}
		for _, r := range rows {
			if bytes.Equal(r.credential, c.ID) {
				return r, c, nil
			}
		}
		return record{}, nil, ErrWrong
	})
}

// Identify finds who shows a passkey that was asked of anybody, and accepts it.
// It fails with ErrOver and ErrWrong.
func (s *Service) Identify(ctx context.Context, tx *db.Tx, shopID string, shown Proof) (staff string, err error) {
	t, err := s.open(tx, shopID, forSignIn, shown.Ticket)
	if err != nil || t.Ceremony == nil {
		return "", ErrOver
	}
	err = s.accept(ctx, tx, shopID, t, shown, func(p *webauthn.WebAuthn, parsed *protocol.ParsedCredentialAssertionData) (record, *webauthn.Credential, error) {
		r, err := byCredential(ctx, tx, shopID, parsed.RawID)
		if err != nil || r.Site != p.Config.RPID {
			return r, nil, ErrWrong
		}
		find := func(_, handle []byte) (webauthn.User, error) {
			c, err := s.credential(r)
			return owner{id: r.Staff, credentials: []webauthn.Credential{c}}, err
		}
		_, c, err := p.ValidatePasskeyLogin(find, *t.Ceremony, parsed)
		if err != nil {
			return r, nil, ErrWrong
		}
		staff = r.Staff
		return r, c, nil
	})
	return staff, err
}

// accept ends a ticket, judges what was shown, and notes the use. A counter
// that has gone back tells that there are two copies of a key: neither is let
// in.
func (s *Service) accept(ctx context.Context, tx *db.Tx, shopID string, t ticket, shown Proof, judge func(*webauthn.WebAuthn, *protocol.ParsedCredentialAssertionData) (record, *webauthn.Credential, error)) error {
	if err := t.spend(ctx, tx, shopID); err != nil {
		return err
	}
	p, err := s.party(ctx, tx, shopID, shown.Host)
	if err != nil {
		return err
	}
	raw, _ := json.Marshal(shown.Response)
	parsed, err := protocol.ParseCredentialRequestResponseBytes(raw)
	if err != nil {
		return ErrWrong
	}
	r, c, err := judge(p, parsed)
	if err != nil {
		return err
	}
	if c.Authenticator.CloneWarning {
		return ErrWrong
	}
	if err := s.keep(&r, c); err != nil {
		return err
	}
	_, err = use(ctx, tx, r, r.step)
	return err
}
