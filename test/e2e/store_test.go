//go:build e2e

package e2e

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// store is an object store that speaks S3.
type store struct{ host, user, password string }

// size asks for an object's size, by a request that is signed as S3 wants it (signature version 4).
func (s store) size(t *testing.T, path string, now time.Time) int64 {
	t.Helper()
	const region, nothing = "us-east-1", "UNSIGNED-PAYLOAD"
	request, err := http.NewRequest(http.MethodHead, "http://"+s.host+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	stamp, day := now.Format("20060102T150405Z"), now.Format("20060102")
	request.Header.Set("X-Amz-Date", stamp)
	request.Header.Set("X-Amz-Content-Sha256", nothing)

	const signed = "host;x-amz-content-sha256;x-amz-date"
	canonical := strings.Join([]string{
		http.MethodHead, path, "", "host:" + s.host, "x-amz-content-sha256:" + nothing, "x-amz-date:" + stamp, "", signed, nothing,
	}, "\n")
	scope := day + "/" + region + "/s3/aws4_request"
	sum := sha256.Sum256([]byte(canonical))
	text := "AWS4-HMAC-SHA256\n" + stamp + "\n" + scope + "\n" + hex.EncodeToString(sum[:])
	key := []byte("AWS4" + s.password)
	for _, part := range []string{day, region, "s3", "aws4_request", text} {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(part))
		key = mac.Sum(nil)
	}
	request.Header.Set("Authorization", fmt.Sprintf("AWS4-HMAC-SHA256 Credential=%s/%s,SignedHeaders=%s,Signature=%x", s.user, scope, signed, key))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close() // a HEAD has none
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s in the object store: %s", path, response.Status)
	}
	return response.ContentLength
}

// objectSize asks the object store of the suite's own cluster, without the product, for the size of an object
// in KFP's bucket; of another cluster's store nobody knows the keys.
func objectSize(t *testing.T, key string) int64 {
	t.Helper()
	drive.NeedsOwnCluster(t)
	service := drive.Kubectl(t, "get", "service", "minio-service", "-n", drive.KFPNamespace, "-o", "jsonpath={.spec.clusterIP}:{.spec.ports[0].port}")
	return store{host: service, user: "minio", password: "minio123"}.size(t, "/mlpipeline/"+key, time.Now().UTC())
}
