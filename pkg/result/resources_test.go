package result

import (
	"encoding/json"
	"testing"
	"time"
)

func TestALevelThatWasNotLookedAtIsNotWritten(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*ComponentUse)
		want   string
	}{
		"no figure": {
			func(*ComponentUse) {}, `{"name":"mysql","pods":1,"cpuLimitMilli":null,"memoryLimitBytes":null,"restarts":0}`,
		},
		"idle": {func(u *ComponentUse) { u.CPUMilli.Set(time.Second, 0) }, `{"name":"mysql","pods":1,` +
			`"cpuMilli":{"mean":0,"max":0,"windowSeconds":1,"windowSamples":[0,1],"windowSum":[0,0],"windowMax":[0,0]},` +
			`"cpuLimitMilli":null,"memoryLimitBytes":null,"restarts":0}`},
	} {
		use := ComponentUse{Name: "mysql", Pods: 1}
		test.change(&use)
		text, err := json.Marshal(use)
		if err != nil || string(text) != test.want {
			t.Errorf("%s: %s, %v; want %s", name, text, err, test.want)
		}
		var again ComponentUse
		if err := json.Unmarshal(text, &again); err != nil || again.CPUMilli.Count() != use.CPUMilli.Count() {
			t.Errorf("%s: read back %+v, %v", name, again, err)
		}
	}
}
