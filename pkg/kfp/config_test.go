package kfp

import (
	"strings"
	"testing"
	"time"
)

func TestConfigurationOfNoUseIsRefused(t *testing.T) {
	const ok = "http://kfp:8888"
	for name, c := range map[string]struct {
		config Config
		says   string
	}{
		"no URL":                              {Config{}, "http(s)://host"},
		"no scheme":                           {Config{BaseURL: "kfp:8888"}, "http(s)://host"},
		"another scheme":                      {Config{BaseURL: "ftp://kfp"}, "http(s)://host"},
		"no host":                             {Config{BaseURL: "http:///pipeline"}, "http(s)://host"},
		"a port only":                         {Config{BaseURL: "http://:8888"}, "http(s)://host"},
		"a broken port":                       {Config{BaseURL: "http://kfp:http"}, "http(s)://host"},
		"a path only":                         {Config{BaseURL: "/pipeline"}, "http(s)://host"},
		"a user":                              {Config{BaseURL: "http://hunter2@kfp"}, "credentials"},
		"a password":                          {Config{BaseURL: "http://me:hunter2@kfp"}, "credentials"},
		"a password, no scheme":               {Config{BaseURL: "me:hunter2@kfp"}, "http(s)://host"},
		"a password that cannot be parsed":    {Config{BaseURL: "http://me:hunter2%zz@kfp"}, "http(s)://host"},
		"a password and a port that is none":  {Config{BaseURL: "http://me:hunter2@kfp:port"}, "http(s)://host"},
		"a password and a control character":  {Config{BaseURL: "http://me:hunter2@kfp\n"}, "http(s)://host"},
		"a query":                             {Config{BaseURL: ok + "?token=hunter2"}, "query"},
		"a fragment":                          {Config{BaseURL: ok + "/#hunter2"}, "fragment"},
		"a path that would be decoded twice":  {Config{BaseURL: ok + "/a%2541"}, "encoded"},
		"a path with a question mark":         {Config{BaseURL: ok + "/a%3Fb"}, "encoded"},
		"a user that ends the header":         {Config{BaseURL: ok, User: "jane\r\nx-evil: yes"}, "cannot be sent"},
		"a header that is two":                {Config{BaseURL: ok, UserHeader: "a: b"}, "cannot be sent"},
		"authorities that are none":           {Config{BaseURL: ok, Authorities: []byte("hunter2")}, "no certificate"},
		"a negative timeout":                  {Config{BaseURL: ok, Timeout: -time.Second}, "-1s"},
		"a password beside another complaint": {Config{BaseURL: "http://me:hunter2@kfp", Timeout: -1}, "credentials"},
	} {
		t.Run(name, func(t *testing.T) {
			client, err := New(c.config)
			if err == nil || client != nil {
				t.Fatal("it was taken")
			}
			if !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("says %q", err)
			}
		})
	}
}

func TestNothingIsSentBeforeTheFirstCall(t *testing.T) {
	s := serve(t, ok(`{}`))
	to(t, s, Config{Token: TokenFile("absent")})
	if seen := s.requests(); len(seen) > 0 {
		t.Errorf("sent %+v", seen)
	}
}
