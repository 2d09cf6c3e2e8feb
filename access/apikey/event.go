package apikey

import (
	"time"

	"github.com/aftercare/aftercare/base/actor"
)

// Created says that a program got access.
type Created struct {
	Name      string             `json:"name"`
	Scopes    []actor.Permission `json:"scopes"`
	Seller    string             `json:"seller,omitempty"`
	ExpiresAt *time.Time         `json:"expires_at,omitempty"`
}

// Type is described at event.Fact.
func (Created) Type() string { return "key.created" }

// Revoked says that a program lost its access.
type Revoked struct {
	Name string `json:"name"`
}

// Type is described at event.Fact.
func (Revoked) Type() string { return "key.revoked" }
