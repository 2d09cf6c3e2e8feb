package opening

import (
	"context"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/platform/db"
)

// Country is a published calendar.
type Country struct {
	Country string `json:"country" doc:"ISO 3166"`
	First   int    `json:"first" doc:"The first year that is known"`
	Last    int    `json:"last" doc:"The last year that is known. Later ones come with an update"`
	About   string `json:"about" doc:"What is in it, and what is not"`
	Source  string `json:"source"`
}

func countryOf(name string) (Country, *calendar.Calendar, error) {
	c, err := calendar.Load(name)
	if err != nil {
		return Country{}, nil, err
	}
	v := Country{Country: name}
	v.First, v.Last = c.Years()
	v.About, v.Source = c.Notes()
	return v, c, nil
}

type countriesOut struct {
	Body struct {
		Items []Country `json:"items"`
		Next  string    `json:"next" doc:"Always empty"`
	}
}

func countries(context.Context, *db.Tx, actor.Actor, *struct{}) (*countriesOut, error) {
	out := &countriesOut{}
	for _, name := range calendar.Names() {
		v, _, err := countryOf(name)
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, v)
	}
	return out, nil
}

type countryIn struct {
	Country string `path:"country" maxLength:"40" doc:"ISO 3166, such as CN"`
	Year    int    `query:"year" minimum:"0" maximum:"9999" doc:"0 or missing: this year, where it is known, else the last that is"`
}

// PublicDay is a day that is not as its weekday says.
type PublicDay struct {
	Date string `json:"date"`
	Name string `json:"name,omitempty" doc:"In the country's own words; empty for a weekend day that is worked"`
	Work bool   `json:"work" doc:"A weekend day that is worked in exchange for a long holiday"`
}

type countryOut struct {
	Body struct {
		Country
		Year int         `json:"year"`
		Days []PublicDay `json:"days" nullable:"false"`
	}
}

func country(_ context.Context, tx *db.Tx, _ actor.Actor, in *countryIn) (*countryOut, error) {
	v, c, err := countryOf(in.Country)
	if err != nil {
		return nil, err
	}
	year := in.Year
	if year == 0 {
		year = min(max(tx.Now.Year(), v.First), v.Last)
	}
	days, err := c.Days(year)
	if err != nil {
		return nil, err
	}
	out := &countryOut{}
	out.Body.Country, out.Body.Year, out.Body.Days = v, year, []PublicDay{}
	for _, d := range days {
		out.Body.Days = append(out.Body.Days, PublicDay(d))
	}
	return out, nil
}
