package e2e

import "testing"

func TestAReturnOnThePhoneTakesFourTaps(t *testing.T) {
	r := openShop(t, "").walk(t, "portal-taps")
	for name, value := range r.Facts {
		t.Logf("%s: %s", name, value)
	}
}

func TestFilesSurviveABadNetworkAndAreSeenByStaff(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		openShop(t, database).walk(t, "portal-files")
	})
}

func TestADraftSurvivesAReloadWithoutNetworkAndTwoTabs(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		openShop(t, database).walk(t, "portal-weak")
	})
}

func TestAFilmGoesOnFromThePieceThatWasStored(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := openShop(t, database)
		s.walk(t, "portal-resume")
		s.wish["publisher"] = s.server.key(t, "publisher", "policy.read", "policy.publish")
		s.walk(t, "portal-promised")
	})
}
