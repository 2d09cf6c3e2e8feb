package merchant

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/platform/secret"
)

// purpose names the key that secrets are sealed with. A later scheme gets a
// name of its own; each account says which key it needs.
const purpose = "merchant"

// keyName tells keys apart without telling anything about them.
func keyName(keys *secret.Keys) string {
	return hex.EncodeToString(keys.MAC(purpose, "name of the key")[:6])
}

// place binds what is sealed to its shop and account.
func place(a Account) string { return a.Tenant + "/" + a.ID }

// seal puts secrets into an account, and beside them by what people can tell
// them apart. A secret that stays keeps its mark.
func seal(keys *secret.Keys, a Account, secrets map[string]string, now time.Time) (Account, error) {
	plain, err := json.Marshal(secrets)
	if err != nil {
		return a, fmt.Errorf("secrets of account %s: %w", a.ID, err)
	}
	old := a.Marks
	a.Marks = []Mark{}
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		m := mark(keys, a.Tenant, name, secrets[name], now)
		if i := slices.IndexFunc(old, func(o Mark) bool { return o.Name == name && o.Fingerprint == m.Fingerprint }); i >= 0 {
			m = old[i]
		}
		a.Marks = append(a.Marks, m)
	}
	a.key = keyName(keys)
	a.sealed, err = keys.Seal(purpose, place(a), plain)
	return a, err
}

// FingerprintPurpose names the key of fingerprints. It must be kept, so that a
// secret has the same one for ever.
const FingerprintPurpose = purpose + "/fingerprint"

// mark is what is kept of a secret in the open: four characters where it is long
// and of one line, and a fingerprint that nobody can compute without the
// installation's first master key.
func mark(keys *secret.Keys, tenant, name, value string, now time.Time) Mark {
	all := keys.MACs(FingerprintPurpose, tenant+"\x00"+value)
	m := Mark{Name: name, Fingerprint: hex.EncodeToString(all[len(all)-1][:5]), SetAt: now}
	if len(value) >= 16 && !strings.ContainsAny(value, "\r\n") && len(value) < 400 {
		m.Last = value[len(value)-4:]
	}
	return m
}

// secrets opens what is sealed in an account.
func secrets(keys *secret.Keys, a Account) (map[string]string, error) {
	if a.key == "" {
		return nil, fmt.Errorf("the secrets of account %s are gone", a.ID)
	}
	plain, err := keys.Open(purpose, place(a), a.sealed)
	if err != nil && a.key != keyName(keys) {
		return nil, fmt.Errorf("the secrets of account %s are sealed with key %s, and this installation has %s: %w", a.ID, a.key, keyName(keys), err)
	}
	if err != nil {
		return nil, fmt.Errorf("secrets of account %s: %w", a.ID, err)
	}
	found := map[string]string{}
	return found, json.Unmarshal(plain, &found)
}
