package kfp

// Observing returns a client that shares the connections of c and tells observe, instead of the observer of
// c, of each call that is made through it.
func (c *Client) Observing(observe func(Call)) *Client {
	other := *c
	other.observe = observe
	return &other
}
