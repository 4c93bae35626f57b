package metrics

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

func TestAGaugeHasMeanAndMaximum(t *testing.T) {
	var g Gauge
	if g.Count() != 0 || g.Mean() != 0 || g.Max() != 0 {
		t.Errorf("empty: %+v", g)
	}
	for i, value := range []int64{100, 300, 200} {
		g.Set(time.Duration(i)*700*time.Millisecond, value)
	}
	if g.Count() != 3 || g.Mean() != 200 || g.Max() != 300 {
		t.Errorf("%d looks, mean %d, max %d", g.Count(), g.Mean(), g.Max())
	}
	text, err := json.Marshal(g)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"mean":200,"max":300,"windowSeconds":1,"windowSamples":[2,1],"windowSum":[400,200],"windowMax":[300,200]}`; string(text) != want {
		t.Errorf("got %s", text)
	}
	if read := again(t, g); !reflect.DeepEqual(read, g) {
		t.Errorf("read as %+v", read)
	}
	if read := again(t, Gauge{}); read.Count() != 0 {
		t.Errorf("nothing is read as %+v", read)
	}
}

func TestAGaugeOfADayIsBounded(t *testing.T) {
	var g Gauge
	for i := range 24 * 60 * 4 {
		g.Set(time.Duration(i)*15*time.Second, int64(i))
	}
	if len(g.w.cells) > mostWindows || g.Count() != 24*60*4 || g.Max() != 24*60*4-1 {
		t.Errorf("%d windows, %d looks", len(g.w.cells), g.Count())
	}
}
