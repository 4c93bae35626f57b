package workload

import "bytes"

// imagePlaceholder stands in the shipped v2 pipelines where the product's own image is wanted: which one that
// is, and where the cluster pulls it from, is known when they are uploaded. No registry has this name.
const imagePlaceholder = "kfpperf.invalid/image:placed-at-upload"

// placeImage returns a package with the image in all places of the placeholder, and all else byte for byte. An
// archive is not looked into.
func placeImage(content []byte, image string) []byte {
	if image == "" {
		return content
	}
	return bytes.ReplaceAll(content, []byte(imagePlaceholder), []byte(image))
}
