package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/pflag"
	"sigs.k8s.io/yaml"
)

// output is the form of what goes to stdout.
type output string

const (
	outputText output = "text"
	outputJSON output = "json"
	outputYAML output = "yaml"
)

func (o *output) addFlag(flags *pflag.FlagSet) {
	flags.StringVarP((*string)(o), "output", "o", string(*o), "form of what goes to stdout: text, json or yaml")
}

func (o output) validate() error {
	switch o {
	case outputText, outputJSON, outputYAML:
		return nil
	}
	return fmt.Errorf("--output is %q; choose text, json or yaml", string(o))
}

// writeDocument writes JSON as it is or as YAML.
func (o output) writeDocument(w io.Writer, document []byte) error {
	if o == outputYAML {
		converted, err := yaml.JSONToYAML(document)
		if err != nil {
			return fmt.Errorf("writing YAML: %w", err)
		}
		document = converted
	}
	if _, err := w.Write(document); err != nil {
		return fmt.Errorf("writing to stdout: %w", err)
	}
	return nil
}

// marshal returns a value as indented JSON that ends in a newline.
func marshal(value any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return nil, fmt.Errorf("writing JSON: %w", err)
	}
	return text.Bytes(), nil
}
