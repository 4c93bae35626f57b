package sandbox

// parameter is a parameter of a v2 package.
type parameter struct {
	Type     string `yaml:"parameterType"`
	Optional bool   `yaml:"isOptional"`
	Default  any    `yaml:"defaultValue"`
}

// takes reports whether a value, as JSON has it, is of the parameter's type. KFP takes any number for a
// whole one.
func (p parameter) takes(value any) bool {
	var ok bool
	switch p.Type {
	case "NUMBER_DOUBLE", "NUMBER_INTEGER":
		_, ok = value.(float64)
	case "STRING":
		_, ok = value.(string)
	case "BOOLEAN":
		_, ok = value.(bool)
	case "LIST":
		_, ok = value.([]any)
	case "STRUCT":
		_, ok = value.(map[string]any)
	}
	return ok
}

// accept refuses a run whose parameters are not those of the package.
func (s spec) accept(config *runtimeConfig) *refusal {
	if s.parameters == nil {
		return nil
	}
	var given map[string]any
	if config != nil {
		given = config.Parameters
	}
	for name, p := range s.parameters {
		value, found := given[name]
		switch {
		case !found && !p.Optional && p.Default == nil:
			return invalid("parameter %s is not optional, yet has neither default value nor user provided value", name)
		case found && !p.takes(value):
			return invalid("input parameter %s requires type %s, but the parameter value is not of it", name, p.Type)
		}
	}
	for name := range given {
		if _, known := s.parameters[name]; !known {
			return invalid("parameter(s) provided are not required by pipeline: %s", name)
		}
	}
	return nil
}
