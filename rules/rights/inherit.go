package rights

import "reflect"

// inherit fills what a rule leaves out with what the rule it is like says.
// Sources are those of both: each is read in its own pack.
func inherit(r, from Rule) Rule {
	into, old := reflect.ValueOf(&r).Elem(), reflect.ValueOf(&from).Elem()
	for i := range into.NumField() {
		if f := into.Field(i); f.IsZero() {
			f.Set(old.Field(i))
		}
	}
	return r
}
