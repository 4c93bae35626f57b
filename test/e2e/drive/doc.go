// Package drive drives the built plugin and the real kubectl, for the suites of test/e2e and test/e2e/faults. What
// goes wrong ends the test that asked; nothing here stands in for a part of the product.
package drive
