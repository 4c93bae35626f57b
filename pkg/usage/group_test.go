package usage

import (
	"testing"
	"testing/fstest"
	"time"
)

// tree is a file system with these files.
func tree(files map[string]string) fstest.MapFS {
	fs := fstest.MapFS{}
	for name, content := range files {
		fs[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return fs
}

func TestLimitsOfAControlGroup(t *testing.T) {
	const none = -1
	for name, test := range map[string]struct {
		files                 map[string]string
		cpu, memory, throttle int64 // throttle in microseconds
	}{
		"no Linux": {nil, none, none, none},
		"version 2 in a container": {map[string]string{
			"proc/self/cgroup":         "0::/\n",
			"sys/fs/cgroup/cpu.max":    "150000 100000\n",
			"sys/fs/cgroup/memory.max": "536870912\n",
			"sys/fs/cgroup/cpu.stat":   "usage_usec 9\nnr_throttled 3\nthrottled_usec 420\n",
		}, 1500, 512 << 20, 420},
		"version 2 without limits": {map[string]string{
			"proc/self/cgroup":         "0::/\n",
			"sys/fs/cgroup/cpu.max":    "max 100000\n",
			"sys/fs/cgroup/memory.max": "max\n",
			"sys/fs/cgroup/cpu.stat":   "usage_usec 9\nthrottled_usec 0\n",
		}, none, none, 0},
		"version 2 on a machine: the least of all that it is in": {map[string]string{
			"proc/self/cgroup":                            "0::/user.slice/a.scope\n",
			"sys/fs/cgroup/user.slice/a.scope/cpu.max":    "max 100000\n",
			"sys/fs/cgroup/user.slice/a.scope/memory.max": "4096\n",
			"sys/fs/cgroup/user.slice/a.scope/cpu.stat":   "throttled_usec 1\n",
			"sys/fs/cgroup/user.slice/cpu.max":            "50000 100000\n",
			"sys/fs/cgroup/user.slice/memory.max":         "8192\n",
			"sys/fs/cgroup/user.slice/cpu.stat":           "throttled_usec 7\n",
			"sys/fs/cgroup/cpu.stat":                      "usage_usec 9\n",
		}, 500, 4096, 7},
		"version 2, from another's point of view": {map[string]string{
			"proc/self/cgroup":      "0::/../pod7/box\n",
			"sys/fs/cgroup/cpu.max": "200000 100000\n",
		}, 2000, none, none},
		"version 1 in a container: its path is the host's": {map[string]string{
			"proc/self/cgroup":                           "12:memory:/kubepods/pod7/box\n4:cpu,cpuacct:/kubepods/pod7/box\n0::/\n",
			"sys/fs/cgroup/cpu/cpu.cfs_quota_us":         "25000\n",
			"sys/fs/cgroup/cpu/cpu.cfs_period_us":        "100000\n",
			"sys/fs/cgroup/cpu/cpu.stat":                 "nr_periods 5\nnr_throttled 2\nthrottled_time 3000\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes": "1048576\n",
		}, 250, 1 << 20, 3},
		"version 1 without limits": {map[string]string{
			"proc/self/cgroup":                           "12:memory:/\n4:cpu,cpuacct:/\n",
			"sys/fs/cgroup/cpu/cpu.cfs_quota_us":         "-1\n",
			"sys/fs/cgroup/cpu/cpu.cfs_period_us":        "100000\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
		}, none, none, none},
		"noise": {map[string]string{
			"proc/self/cgroup":         "what\n0::/\n",
			"sys/fs/cgroup/cpu.max":    "much 0\n",
			"sys/fs/cgroup/memory.max": "\n",
			"sys/fs/cgroup/cpu.stat":   "throttled_usec\nthrottled_usec x\n",
		}, none, none, none},
		"a period of nothing": {map[string]string{
			"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "100000 0\n",
		}, none, none, none},
	} {
		g := readGroup(tree(test.files))
		cpu, memory, throttle := int64(none), int64(none), int64(none)
		if g.cpuMilli != unlimited {
			cpu = g.cpuMilli
		}
		if g.memoryBytes != nil {
			memory = *g.memoryBytes
		}
		if d := g.throttled(); d != nil {
			throttle = d.Microseconds()
		}
		if cpu != test.cpu || memory != test.memory || throttle != test.throttle {
			t.Errorf("%s: %d, %d, %d; want %d, %d, %d", name, cpu, memory, throttle, test.cpu, test.memory, test.throttle)
		}
	}
}

func TestThrottlingIsReadEachTime(t *testing.T) {
	files := tree(map[string]string{
		"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "100000 100000\n", "sys/fs/cgroup/cpu.stat": "throttled_usec 5\n",
	})
	g := readGroup(files)
	files["sys/fs/cgroup/cpu.stat"].Data = []byte("throttled_usec 1000005\n")
	if d := g.throttled(); d == nil || *d != time.Second+5*time.Microsecond {
		t.Errorf("throttled for %v", d)
	}
	delete(files, "sys/fs/cgroup/cpu.stat")
	if d := g.throttled(); d != nil {
		t.Errorf("throttled for %v according to no file", d)
	}
}
