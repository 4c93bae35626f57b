package conformance

import (
	"net/http"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

// nobody is the id of nothing.
const nobody = "00000000-0000-4000-8000-000000000000"

func (c *suite) experiments(t *testing.T) {
	t.Run("ANewOneIsFoundByItsName", func(t *testing.T) {
		// What a filter does to a name that looks like an encoding is a trap: it is decoded twice.
		for _, name := range []string{unique("experiment"), unique(`50% + "half" é %41`)} {
			id := c.experiment(t, name)
			found, ok, err := c.client.FindExperiment(t.Context(), name, "")
			if err != nil || !ok || found != id {
				t.Errorf("%s is %q, found %q, %t, %v", name, id, found, ok, err)
			}
		}
	})
	t.Run("ANameIsTakenOnce", func(t *testing.T) {
		name := unique("experiment")
		c.experiment(t, name)
		_, err := c.client.CreateExperiment(t.Context(), kfp.NewExperiment{Name: name})
		refusedByGateway(t, err, http.StatusConflict)
	})
	t.Run("ANameThatDiffersInCaseIsInTheWay", func(t *testing.T) {
		name := unique("experiment")
		id := c.experiment(t, name)
		_, err := c.client.CreateExperiment(t.Context(), kfp.NewExperiment{Name: strings.ToUpper(name)})
		refusedByGateway(t, err, http.StatusConflict)
		found, _, err := c.client.FindExperiment(t.Context(), strings.ToUpper(name), "")
		if err != nil || found != id {
			t.Errorf("what is in the way is %q, %v; want %q", found, err, id)
		}
	})
	t.Run("AnUnknownOneIsNotFound", func(t *testing.T) {
		id, found, err := c.client.FindExperiment(t.Context(), unique("absent"), "")
		if id != "" || found || err != nil {
			t.Errorf("found %q, %t, %v", id, found, err)
		}
	})
	t.Run("ANameIsNeeded", func(t *testing.T) {
		_, err := c.client.CreateExperiment(t.Context(), kfp.NewExperiment{})
		refusedByGateway(t, err, http.StatusInternalServerError)
	})
}

func (c *suite) experiment(t *testing.T, name string) string {
	t.Helper()
	id, err := c.client.CreateExperiment(t.Context(), kfp.NewExperiment{Name: name})
	if err != nil || id == "" {
		t.Fatalf("creating experiment %s: %q, %v", name, id, err)
	}
	return id
}
