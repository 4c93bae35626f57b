package sandbox

import (
	"encoding/binary"
	"encoding/hex"
	"hash/fnv"
	"math"
	"sync/atomic"
	"time"
)

// golden spaces the draws of a chance: SplitMix64's increment.
const golden = 0x9e3779b97f4a7c15

// chance draws numbers that follow from a seed and from how many were drawn before, without a lock: what
// is drawn must never limit what is measured.
type chance struct {
	seed  uint64
	drawn atomic.Uint64
}

// newChance returns draws of a kind: kinds do not disturb each other.
func newChance(seed uint64, kind string) *chance {
	h := fnv.New64a()
	_, _ = h.Write([]byte(kind)) // a hash takes everything
	return &chance{seed: mix(seed ^ h.Sum64())}
}

// draw returns two numbers of one draw.
func (c *chance) draw() (uint64, uint64) {
	state := c.seed + c.drawn.Add(1)*golden
	return mix(state), mix(^state)
}

// id returns a UUID, version 4.
func (c *chance) id() string {
	high, low := c.draw()
	return uuid(high, low)
}

// meets reports whether something of this probability happens.
func (c *chance) meets(probability float64) bool {
	number, _ := c.draw()
	return unit(number) < probability
}

// latency returns one of a distribution.
func (c *chance) latency(l Latency) time.Duration {
	if l.Sigma == 0 {
		return l.Median
	}
	one, other := c.draw()
	normal := math.Sqrt(-2*math.Log(1-unit(one))) * math.Cos(2*math.Pi*unit(other)) // Box and Muller
	return time.Duration(float64(l.Median) * math.Exp(l.Sigma*normal))
}

// mix is SplitMix64's output function.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// unit returns a number from 0 to 1, 1 left out.
func unit(number uint64) float64 { return float64(number>>11) / (1 << 53) }

func uuid(high, low uint64) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], high)
	binary.BigEndian.PutUint64(b[8:], low)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	var text [36]byte
	hex.Encode(text[:8], b[:4])
	hex.Encode(text[9:13], b[4:6])
	hex.Encode(text[14:18], b[6:8])
	hex.Encode(text[19:23], b[8:10])
	hex.Encode(text[24:], b[10:])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}
