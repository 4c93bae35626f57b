package kfp

// Observing returns a client that shares the connections of c and tells observe, instead of the observer of
// c, of each call that is made through it.
func (c *Client) Observing(observe func(Call)) *Client {
	other := *c
	other.observe = observe
	return &other
}

// Watching returns a client that shares the connections of c and tells watch, beside whatever observer it or
// a client made from it has, of each call that is made through them. It is for what concerns all calls,
// whoever makes them; watch must be safe for concurrent use.
func (c *Client) Watching(watch func(Call)) *Client {
	other := *c
	other.watch = watch
	return &other
}
