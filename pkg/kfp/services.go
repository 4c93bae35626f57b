package kfp

import (
	"io"

	"github.com/go-openapi/runtime"
	"github.com/go-openapi/strfmt"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/experiment_client"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/pipeline_client"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/recurring_run_client"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/run_client"
)

// services are the generated clients of what can be listed.
type services struct {
	pipelines     *pipeline_client.Pipeline
	experiments   *experiment_client.Experiment
	runs          *run_client.Run
	recurringRuns *recurring_run_client.RecurringRun
}

func servicesOver(t runtime.ClientTransport) services {
	return services{
		pipelines:     pipeline_client.New(t, strfmt.Default),
		experiments:   experiment_client.New(t, strfmt.Default),
		runs:          run_client.New(t, strfmt.Default),
		recurringRuns: recurring_run_client.New(t, strfmt.Default),
	}
}

// draining is a transport whose successes are read to their end and not decoded: the generated clients
// return empty messages. Decoding is most of what a call costs its caller.
type draining struct{ transport }

// Submit implements runtime.ClientTransport.
func (d draining) Submit(operation *runtime.ClientOperation) (any, error) {
	operation.Reader = drain{operation.Reader}
	return d.transport.Submit(operation)
}

// drain is a reader that gives the generated one nothing to decode.
type drain struct{ generated runtime.ClientResponseReader }

// ReadResponse implements runtime.ClientResponseReader.
func (d drain) ReadResponse(response runtime.ClientResponse, _ runtime.Consumer) (any, error) {
	return d.generated.ReadResponse(response, runtime.ConsumerFunc(func(body io.Reader, _ any) error {
		_, err := io.Copy(io.Discard, body)
		return err
	}))
}

// withBody is a transport that sends a body of our own where a generated message cannot be sent.
type withBody struct {
	runtime.ClientTransport
	body any
}

// Submit implements runtime.ClientTransport.
func (t withBody) Submit(operation *runtime.ClientOperation) (any, error) {
	generated := operation.Params
	operation.Params = runtime.ClientRequestWriterFunc(func(r runtime.ClientRequest, formats strfmt.Registry) error {
		if err := generated.WriteToRequest(r, formats); err != nil {
			return err
		}
		return r.SetBodyParam(t.body)
	})
	return t.ClientTransport.Submit(operation)
}
