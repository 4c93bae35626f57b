// Package e2e drives the built plugin through the real kubectl against a real cluster with a real
// KFP. Its tests have the build tag e2e and are run by `make e2e`, one after the other: they share
// one cluster. Nothing here stands in for a part of the product.
//
// A KFP is single-user or multi-user, so there are two phases: with the tag multiuser the tests are those of
// a multi-user KFP, without it those of the other. What both need has the tag e2e alone.
package e2e
