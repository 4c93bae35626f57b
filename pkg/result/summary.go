package result

// Summary returns a copy of the document without what makes it large: runs one by one, time series of calls and the
// server's counts. All figures that are drawn from them stay.
func Summary(d *Document) *Document {
	short := *d
	short.ServerCounts = nil
	short.API = nil
	for _, o := range d.API {
		o.Series = nil
		short.API = append(short.API, o)
	}
	short.Entries = nil
	for _, e := range d.Entries {
		e.RunsLeftOut += len(e.Runs)
		e.Runs = nil
		short.Entries = append(short.Entries, e)
	}
	return &short
}
