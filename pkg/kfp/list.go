package kfp

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/experiment_client/experiment_service"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/experiment_model"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/pipeline_client/pipeline_service"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/pipeline_model"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/recurring_run_client/recurring_run_service"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/recurring_run_model"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/run_client/run_service"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/run_model"
)

// Kind is what can be listed and fetched; its text is the plural in the API's names of operations.
type Kind string

// The kinds of things that KFP keeps.
const (
	Pipelines        Kind = "Pipelines"
	PipelineVersions Kind = "PipelineVersions"
	Experiments      Kind = "Experiments"
	Runs             Kind = "Runs"
	RecurringRuns    Kind = "RecurringRuns"
)

// ListOperation is the API's name of the call that lists this kind, such as ListRuns.
func (k Kind) ListOperation() string { return "List" + string(k) }

// GetOperation is the API's name of the call that gets one of this kind, such as GetRun.
func (k Kind) GetOperation() string { return "Get" + strings.TrimSuffix(string(k), "s") }

// Query says which page of which list. What is zero is not sent.
type Query struct {
	// Namespace is needed by a multi-user server, except for the versions of a pipeline.
	Namespace string
	// ExperimentID narrows a list of runs or recurring runs; other kinds overlook it.
	ExperimentID string
	// PipelineID is the pipeline whose versions are listed; other kinds overlook it.
	PipelineID string
	// PageSize is 20 to the server when zero, and 200 when more.
	PageSize int
	// PageToken is the Next of the page before, asked for with the same SortBy and Filter.
	PageToken string
	// SortBy is a field and optionally asc or desc, such as "created_at desc".
	SortBy string
	// Filter is a JSON document of KFP's filter.proto, without percent encoding.
	Filter string
}

// size returns the page size as the generated clients take it.
func (q Query) size() *int32 {
	if q.PageSize == 0 {
		return nil
	}
	size := int32(max(math.MinInt32, min(q.PageSize, math.MaxInt32)))
	return &size
}

// Item is what a list tells of a thing of any kind.
type Item struct{ ID, Name, Description string }

// Page is a page of a list.
type Page struct {
	Items []Item
	// Next is the token of the page behind it, empty on the last one.
	Next string
	// Total is how many there are on all pages.
	Total int
}

var (
	errNoParent = errors.New("the versions of no pipeline were asked for")
	errNoID     = errors.New("something without an id was asked for")
)

// IDs returns those of the page's items, in its order.
func (p Page) IDs() []string {
	ids := make([]string, len(p.Items))
	for i, item := range p.Items {
		ids[i] = item.ID
	}
	return ids
}

// List returns one page.
func (c *Client) List(ctx context.Context, kind Kind, q Query) (Page, error) {
	return c.page(ctx, c.services, kind, q)
}

// Scan makes the same call as List and reads the answer to its end without decoding it: several times
// cheaper for the caller, the same for the server. Any content of a 200 is a success then, a login page
// included: make sure by a List or by Health that it is KFP that answers.
func (c *Client) Scan(ctx context.Context, kind Kind, q Query) error {
	_, err := c.page(ctx, c.undecoded, kind, q)
	return err
}

func (c *Client) page(ctx context.Context, s services, kind Kind, q Query) (Page, error) {
	if kind == PipelineVersions && q.PipelineID == "" {
		return Page{}, fmt.Errorf("%s: %w", kind.ListOperation(), errNoParent)
	}
	q.Filter = decodedTwice(q.Filter)
	return call(ctx, c, kind.ListOperation(), func(ctx context.Context) (Page, error) {
		switch kind {
		case Pipelines:
			return s.pipelinePage(ctx, q)
		case PipelineVersions:
			return s.versionPage(ctx, q)
		case Experiments:
			return s.experimentPage(ctx, q)
		case Runs:
			return s.runPage(ctx, q)
		case RecurringRuns:
			return s.recurringRunPage(ctx, q)
		}
		return Page{}, fmt.Errorf("KFP has no %q", kind)
	})
}

func (s services) pipelinePage(ctx context.Context, q Query) (Page, error) {
	answer, err := s.pipelines.PipelineService.ListPipelines(&pipeline_service.ListPipelinesParams{
		Context: ctx, Namespace: &q.Namespace,
		PageSize: q.size(), PageToken: &q.PageToken, SortBy: &q.SortBy, Filter: &q.Filter,
	}, nil)
	if err != nil {
		return Page{}, err
	}
	l := answer.Payload
	item := func(p *pipeline_model.V2beta1Pipeline) Item { return Item{p.PipelineID, p.DisplayName, p.Description} }
	return page(l.Pipelines, item, l.NextPageToken, l.TotalSize), nil
}

func (s services) versionPage(ctx context.Context, q Query) (Page, error) {
	answer, err := s.pipelines.PipelineService.ListPipelineVersions(&pipeline_service.ListPipelineVersionsParams{
		Context: ctx, PipelineID: q.PipelineID,
		PageSize: q.size(), PageToken: &q.PageToken, SortBy: &q.SortBy, Filter: &q.Filter,
	}, nil)
	if err != nil {
		return Page{}, err
	}
	l := answer.Payload
	item := func(v *pipeline_model.V2beta1PipelineVersion) Item {
		return Item{v.PipelineVersionID, v.DisplayName, v.Description}
	}
	return page(l.PipelineVersions, item, l.NextPageToken, l.TotalSize), nil
}

func (s services) experimentPage(ctx context.Context, q Query) (Page, error) {
	answer, err := s.experiments.ExperimentService.ListExperiments(&experiment_service.ListExperimentsParams{
		Context: ctx, Namespace: &q.Namespace,
		PageSize: q.size(), PageToken: &q.PageToken, SortBy: &q.SortBy, Filter: &q.Filter,
	})
	if err != nil {
		return Page{}, err
	}
	l := answer.Payload
	item := func(e *experiment_model.V2beta1Experiment) Item {
		return Item{e.ExperimentID, e.DisplayName, e.Description}
	}
	return page(l.Experiments, item, l.NextPageToken, l.TotalSize), nil
}

func (s services) runPage(ctx context.Context, q Query) (Page, error) {
	answer, err := s.runs.RunService.ListRuns(&run_service.ListRunsParams{
		Context: ctx, Namespace: &q.Namespace, ExperimentID: &q.ExperimentID,
		PageSize: q.size(), PageToken: &q.PageToken, SortBy: &q.SortBy, Filter: &q.Filter,
	}, nil)
	if err != nil {
		return Page{}, err
	}
	l := answer.Payload
	item := func(r *run_model.V2beta1Run) Item { return Item{r.RunID, r.DisplayName, r.Description} }
	return page(l.Runs, item, l.NextPageToken, l.TotalSize), nil
}

func (s services) recurringRunPage(ctx context.Context, q Query) (Page, error) {
	answer, err := s.recurringRuns.RecurringRunService.ListRecurringRuns(&recurring_run_service.ListRecurringRunsParams{
		Context: ctx, Namespace: &q.Namespace, ExperimentID: &q.ExperimentID,
		PageSize: q.size(), PageToken: &q.PageToken, SortBy: &q.SortBy, Filter: &q.Filter,
	})
	if err != nil {
		return Page{}, err
	}
	l := answer.Payload
	item := func(r *recurring_run_model.V2beta1RecurringRun) Item {
		return Item{r.RecurringRunID, r.DisplayName, r.Description}
	}
	return page(l.RecurringRuns, item, l.NextPageToken, l.TotalSize), nil
}

// page returns what a list has.
func page[T any](things []*T, item func(*T) Item, next string, total int32) Page {
	p := Page{Next: next, Total: int(total)}
	for _, thing := range things {
		if thing == nil {
			continue
		}
		if one := item(thing); one.ID != "" {
			p.Items = append(p.Items, one)
		}
	}
	return p
}
