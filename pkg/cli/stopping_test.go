package cli

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
)

func TestARunHeedsWhatIsAskedOfItsPod(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &workerOptions{requestDir: t.TempDir(), logger: slog.New(slog.DiscardHandler)}
		asked := newStopping()
		ask := func(text string) {
			if err := os.WriteFile(filepath.Join(o.requestDir, handoff.StopFile), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			time.Sleep(2 * requestPoll)
			synctest.Wait()
		}
		is := func(c chan struct{}) bool {
			select {
			case <-c:
				return true
			default:
				return false
			}
		}
		go o.heed(t.Context(), asked)
		for _, step := range []struct {
			text          string
			stop, abandon bool
		}{{"", false, false}, {"please", false, false}, {"drain", true, false}, {"drain", true, false}, {"now", true, true}, {"drain", true, true}} {
			ask(step.text)
			if is(asked.stop) != step.stop || is(asked.abandon) != step.abandon {
				t.Errorf("%q: stop %v, abandon %v", step.text, is(asked.stop), is(asked.abandon))
			}
		}
	})
}
