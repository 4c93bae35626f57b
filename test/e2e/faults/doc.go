// Package faults has a test for each fault that a run must survive. A test hurts a real node, a real KFP or the way
// between them and the plugin, states what must be true at the end, and writes down what was seen: docs/reliability.md
// has it as a table. The tests are run one after the other, on the cluster of test/cluster, whose daemons they stop.
//
// Those with the tag slow take too long for every change; `make faults` runs all of them.
package faults
