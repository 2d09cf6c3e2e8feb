package mention_test

import (
	"encoding/json"

	"github.com/aftercare/aftercare/platform/event"
)

func jsonOf(e event.Event, to any) error { return json.Unmarshal(e.Data, to) }
