package scenario

import (
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// padTo reads the size that uploads are padded to, in bytes.
func (r *reader) padTo(node *yaml.Node) int64 {
	if node == nil || node.Kind == 0 {
		return 0
	}
	var size int64
	var ok bool
	switch {
	case isNumber(node):
		n, err := strconv.ParseInt(node.Value, 10, 64)
		size, ok = n, err == nil
	case node.Kind == yaml.ScalarNode && node.Tag == tagString:
		size, ok = parseSize(node.Value)
	}
	switch {
	case !ok || size < 1:
		r.fault(node, "padTo is %s; expected a whole number of bytes from 1 on, or a text such as \"512KiB\" or \"20MiB\"", describe(node))
		return 0
	case size > maxPackage:
		r.fault(node, "padTo is %s; expected %d MiB at the most, because KFP takes no more", describe(node), maxPackage>>20)
		return 0
	}
	return size
}

// parseSize reads a whole number of KiB or MiB.
func parseSize(text string) (size int64, ok bool) {
	if !regexp.MustCompile(`^[1-9][0-9]{0,7}[KM]iB$`).MatchString(text) {
		return 0, false
	}
	number := strings.TrimRight(text, "KMiB")
	size, err := strconv.ParseInt(number, 10, 64)
	size <<= 10
	if text[len(number)] == 'M' {
		size <<= 10
	}
	return size, err == nil
}

// checkPadding refuses a size that the pipeline cannot be padded to.
func (r *reader) checkPadding(e *Entry, node *yaml.Node) {
	if e.PadTo == 0 || e.PipelineFileName == "" {
		return
	}
	content, err := r.pipelines.get(e.PipelineFileName)
	switch {
	case err != nil: // it was told
	case isArchive(e.PipelineFileName):
		r.fault(node, "padTo cannot pad the archive %s; expected a pipeline that ends in .yaml, .yml or .json", quote(e.PipelineFileName))
	case int64(len(content)) > e.PadTo:
		r.fault(node, "padTo is %d bytes, but %s has %d; expected no fewer", e.PadTo, quote(e.PipelineFileName), len(content))
	}
}
