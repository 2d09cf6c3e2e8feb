package app

import (
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
)

// Schemas lists the tables of all packages in the order they are created.
func Schemas() []db.Schema {
	return []db.Schema{
		Schema,
		event.Schema,
		job.Schema,
		tenant.Schema,
	}
}
