package handoff

import "time"

// EventType says which payload an Event carries.
type EventType string

// The events of a run, in the order in which they usually come.
const (
	// EventHello is the first line of every worker.
	EventHello EventType = "hello"
	// EventServer tells which KFP answered.
	EventServer EventType = "server"
	// EventProgress tells where every entry stands.
	EventProgress EventType = "progress"
	// EventProblem tells of a fault that ends an entry, or nothing.
	EventProblem EventType = "problem"
	// EventCleaning tells, in its text, what becomes of what the run made in KFP.
	EventCleaning EventType = "cleaning"
	// EventFatal is the last event of a run that could not start.
	EventFatal EventType = "fatal"
	// EventFinished tells the verdict of a run that has a result.
	EventFinished EventType = "finished"
	// EventHanded is the last event of a run that has a result: it is ready to be taken. What the runner says
	// after it is the result itself, where nobody else can ship it.
	EventHanded EventType = "handed"
)

// Event is one thing that the worker tells while it runs. As a log line (see EventWriter) it reads
// "[12] text<TAB>{json}": people read up to the tab, the CLI behind it.
type Event struct {
	// N counts the lines of a run from 1, so that a reader who connects again drops what it has
	// and sees what it missed.
	N int `json:"n"`
	// Time is the worker's clock.
	Time time.Time `json:"time"`
	// Type names the payload.
	Type EventType `json:"type"`
	// Text is the event for people, one line.
	Text string `json:"text"`

	Hello    *Hello          `json:"hello,omitempty"`
	Server   *Server         `json:"server,omitempty"`
	Progress []EntryProgress `json:"progress,omitempty"`
	Problem  *Problem        `json:"problem,omitempty"`
}

// Last reports whether nothing comes after the event that a follower waits for.
func (e Event) Last() bool { return e.Type == EventHanded || e.Type == EventFatal }

// Hello introduces the worker.
type Hello struct {
	Protocol int    `json:"protocol"`
	Version  string `json:"version"`
	RunID    string `json:"runID"`
}

// Server is what KFP said of itself.
type Server struct {
	URL       string `json:"url"`
	Version   string `json:"version,omitempty"`
	MultiUser bool   `json:"multiUser"`
}
