package account

import (
	"context"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

type listAnswer struct {
	Body struct {
		Items []Staff `json:"items"`
		Next  string  `json:"next"`
	}
}

func (s *Service) list(ctx context.Context, tx *db.Tx, by actor.Actor, in *struct{ httpapi.Page }) (*listAnswer, error) {
	all, next, err := httpapi.PageByID(in.Page, func(a Account) string { return a.ID }, func(after string, limit int) ([]Account, error) {
		return Page(ctx, tx, by.Tenant, after, limit)
	})
	if err != nil {
		return nil, err
	}
	out := &listAnswer{}
	out.Body.Next = next
	out.Body.Items = make([]Staff, 0, len(all))
	for _, a := range all {
		out.Body.Items = append(out.Body.Items, shown(a))
	}
	return out, nil
}

type postRequest struct {
	Body struct {
		Email    string `json:"email" maxLength:"254"`
		Name     string `json:"name" maxLength:"320"`
		Role     string `json:"role" enum:"administrator,supervisor,agent,warehouse,seller,auditor,privacy"`
		Seller   string `json:"seller,omitempty" maxLength:"64" doc:"For the role seller only."`
		Language string `json:"language,omitempty" maxLength:"16"`
		Password string `json:"password" maxLength:"512" doc:"12 to 128 characters, not one of the most common."`
	}
}

type staffAnswer struct {
	ETag string `header:"ETag"`
	Body Staff
}

func answer(a Account) *staffAnswer {
	return &staffAnswer{ETag: httpapi.ETag(a.Version), Body: shown(a)}
}

func (s *Service) post(ctx context.Context, by actor.Actor, in *postRequest) (*staffAnswer, error) {
	hashed, err := s.Password(ctx, in.Body.Email, in.Body.Password)
	if err != nil {
		return nil, err
	}
	if in.Body.Language == "" {
		in.Body.Language = locale.Languages[0]
	}
	return s.kept(ctx, func(tx *db.Tx) (Account, error) {
		return s.Create(ctx, tx, by, New{
			Email: in.Body.Email, Name: in.Body.Name, Role: in.Body.Role, Seller: in.Body.Seller, Language: in.Body.Language, Password: hashed,
		})
	})
}

// kept answers what a change made, and keeps the answer with it.
func (s *Service) kept(ctx context.Context, change func(tx *db.Tx) (Account, error)) (out *staffAnswer, err error) {
	err = s.store.Write(ctx, func(tx *db.Tx) error {
		a, err := change(tx)
		if err != nil {
			return err
		}
		out = answer(a)
		return httpapi.Keep(ctx, tx, out)
	})
	return out, err
}

type patchRequest struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Email    *string `json:"email,omitempty" maxLength:"254"`
		Name     *string `json:"name,omitempty" maxLength:"320"`
		Role     *string `json:"role,omitempty" enum:"administrator,supervisor,agent,warehouse,seller,auditor,privacy"`
		Seller   *string `json:"seller,omitempty" maxLength:"64"`
		Language *string `json:"language,omitempty" maxLength:"16"`
		State    *State  `json:"state,omitempty" enum:"active,disabled"`
		Password *string `json:"password,omitempty" maxLength:"512"`
	}
}

func (s *Service) patch(ctx context.Context, by actor.Actor, in *patchRequest) (*staffAnswer, error) {
	c := Change{Email: in.Body.Email, Name: in.Body.Name, Role: in.Body.Role, Seller: in.Body.Seller, Language: in.Body.Language, State: in.Body.State}
	if in.Body.Password != nil {
		hashed, err := s.newPassword(ctx, by.Tenant, in)
		if err != nil {
			return nil, err
		}
		c.Password = &hashed
	}
	return s.kept(ctx, func(tx *db.Tx) (Account, error) { return s.Update(ctx, tx, by, in.ID, c) })
}

// newPassword checks the password against the e-mail that the account will have.
func (s *Service) newPassword(ctx context.Context, tenant string, in *patchRequest) (Password, error) {
	var a Account
	err := s.store.Read(ctx, func(tx *db.Tx) (err error) {
		a, err = ByID(ctx, tx, tenant, in.ID)
		return err
	})
	if err != nil {
		return Password{}, err
	}
	if in.Body.Email != nil {
		a.Email = *in.Body.Email
	}
	return s.Password(ctx, a.Email, *in.Body.Password)
}
