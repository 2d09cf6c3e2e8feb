package secret

import (
	"encoding/json"
	"fmt"
	"slices"
)

const keptPurpose = "kept"

// Fresh returns the name of a master key at hand that never wrote, to change to:
// one that was prepared, or a new one in a file of its own. used are the names of
// those that wrote. Of two that ask at once both get the same.
func (k *Keys) Fresh(used []string) (string, error) {
	if k.folder == "" {
		return k.prepared(used)
	}
	unlock, err := lock(k.folder)
	if err != nil {
		return "", err
	}
	defer unlock()
	if err := k.again(); err != nil {
		return "", err
	}
	if id, err := k.prepared(used); err == nil {
		return id, nil
	}
	if err := add(k.folder); err != nil {
		return "", fmt.Errorf("make a master key: %w", err)
	}
	if err := k.again(); err != nil {
		return "", err
	}
	return k.prepared(used)
}

func (k *Keys) prepared(used []string) (string, error) {
	for _, id := range k.AtHand() {
		if !slices.Contains(used, id) {
			return id, nil
		}
	}
	return "", errFresh
}

// Keep seals, with the master key of one name, what must be kept of another: its
// keys of some purposes, which cannot be changed.
func (k *Keys) Keep(with, of string, purposes []string) ([]byte, error) {
	by, ok := k.at(with)
	if !ok {
		return nil, ErrOther
	}
	k.mu.RLock()
	order := k.order // replaced as a whole, never changed
	k.mu.RUnlock()
	i := slices.IndexFunc(order, func(m master) bool { return m.id == of })
	if i < 0 {
		return nil, fmt.Errorf("no master key %s wrote here", of)
	}
	kept := map[string][]byte{}
	for _, purpose := range purposes {
		if key := order[i].derive(purpose); key != nil {
			kept[purpose] = key
		}
	}
	plain, err := json.Marshal(kept)
	if err != nil {
		return nil, err
	}
	return by.seal(keptPurpose, of, plain, false)
}

// Reseal seals a value again under the master key that writes. It tells whether
// that was needed.
func (k *Keys) Reseal(purpose, about string, sealed []byte) (fresh []byte, changed bool, err error) {
	if k.SealedBy(sealed) == k.ID() {
		return sealed, false, nil
	}
	plain, err := k.Open(purpose, about, sealed)
	if err != nil {
		return nil, false, err
	}
	fresh, err = k.Seal(purpose, about, plain)
	return fresh, err == nil, err
}

// Drop removes the file of a master key that does not write; one that is gone is
// no error. Where keys come from the configuration it does nothing: a person
// removes the line there.
func (k *Keys) Drop(id string) error {
	if k.folder == "" || id == k.ID() {
		return nil
	}
	unlock, err := lock(k.folder)
	if err != nil {
		return err
	}
	defer unlock()
	if err := drop(k.folder, id, k.ID()); err != nil {
		return fmt.Errorf("drop master key %s: %w", id, err)
	}
	return k.again()
}

// FromFiles tells whether the keys are files of this installation.
func (k *Keys) FromFiles() bool { return k.folder != "" }
