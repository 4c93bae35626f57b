package scenario

import (
	"reflect"
	"testing"
)

// tenants is a document of entries that name namespaces.
func tenants(names ...[]string) *Document {
	d := &Document{}
	for _, n := range names {
		d.Entries = append(d.Entries, Entry{Mode: PipelineRun, NumTimes: 9, Namespaces: n})
	}
	return d
}

func TestEntriesWithoutNamespacesBelongHomeWhereOthersNameSome(t *testing.T) {
	d := tenants([]string{"a", "b"}, nil, []string{"b", "c"})
	placed := d.Placed("home")
	want := tenants([]string{"a", "b"}, []string{"home"}, []string{"b", "c"})
	if !reflect.DeepEqual(placed, want) || d.Entries[1].Namespaces != nil {
		t.Errorf("%+v of %+v", placed, d)
	}
	if names := placed.Namespaces(); !reflect.DeepEqual(names, []string{"a", "b", "home", "c"}) {
		t.Errorf("%q", names)
	}
	if again := placed.Placed("other"); !reflect.DeepEqual(again, want) {
		t.Errorf("placed again it is %+v", again)
	}
	if part := placed.Within("b"); len(part.Entries) != 2 || part.Entries[1].Namespaces[1] != "c" || len(placed.Entries) != 3 {
		t.Errorf("within b there are %+v", part.Entries)
	}
	plain := tenants(nil, nil)
	if plain.Placed("home") != plain || plain.Namespaces() != nil {
		t.Error("a document that names no namespaces was placed")
	}
}

func TestSharesFollowThePlaceInTheList(t *testing.T) {
	e := Entry{Namespaces: []string{"b", "a"}}
	for name, want := range map[string][3]any{"b": {0, 2, true}, "a": {1, 2, true}, "c": {-1, 2, false}} {
		index, of, has := e.Share(name)
		if got := [3]any{index, of, has}; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if index, of, has := (Entry{}).Share("a"); index != 0 || of != 1 || !has {
		t.Error("an entry without namespaces does not belong to all")
	}
}

func TestTheHashIsNotOfTheNamesOfNamespaces(t *testing.T) {
	same := tenants([]string{"a", "b"}, []string{"b"}).Hash()
	if tenants([]string{"x", "y"}, []string{"y"}).Hash() != same {
		t.Error("other names give another hash")
	}
	for i, other := range []*Document{
		tenants([]string{"a", "b"}, []string{"a"}), tenants([]string{"a", "b"}, []string{"c"}), tenants([]string{"a", "b"}, nil),
		tenants([]string{"a", "b", "c"}, []string{"b"}), tenants(nil, []string{"b"}),
	} {
		if other.Hash() == same {
			t.Errorf("document %d asks for something else and has the same hash", i)
		}
	}
}
