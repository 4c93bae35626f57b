// Package e2e drives the built plugin through the real kubectl against a real cluster with a real
// KFP. Its tests have the build tag e2e and are run by `make e2e`, one after the other: they share
// one cluster. Nothing here stands in for a part of the product.
package e2e
