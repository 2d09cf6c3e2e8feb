package owed_test

import (
	"context"
	"encoding/json"
	"testing"
)

type ctx = context.Context

func decode(t testing.TB, raw string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(raw), into); err != nil {
		t.Fatal(err)
	}
}
