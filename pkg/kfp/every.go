package kfp

import (
	"context"
	"fmt"

	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/run_client/run_service"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/run_model"
)

// mostPages bounds what is read of a list whose end does not come: a million of anything.
const mostPages = 5000

// Named returns the filter of a list for what has a text in its name. The server's database takes no notice of case,
// and reads % and _ as any text and any character: look at the names again.
func Named(part string) (string, error) {
	return conditions(predicate{Key: keyDisplayName, Operation: operationSubstring, StringValue: part})
}

// Described returns the filter of a list for what has a text in its description; what Named says of texts holds here,
// too.
func Described(part string) (string, error) {
	return conditions(predicate{Key: keyDescription, Operation: operationSubstring, StringValue: part})
}

// Every returns all that a query lists, the oldest first, in one call for 200. What is made or deleted meanwhile may
// be missing. Beside an error it returns what it read.
func (c *Client) Every(ctx context.Context, kind Kind, q Query) ([]Item, error) {
	var all []Item
	err := pages(kind, &q, func() (string, error) {
		page, err := c.List(ctx, kind, q)
		all = append(all, page.Items...)
		return page.Next, err
	})
	return all, err
}

// EveryRun is Every for runs, of which it tells more, and of which there may be very many: it passes them on one by one,
// without their Tasks, until take returns false.
func (c *Client) EveryRun(ctx context.Context, q Query, take func(Run) (more bool)) error {
	return pages(Runs, &q, func() (string, error) {
		list, err := c.runsFrom(ctx, q)
		if err != nil {
			return "", err
		}
		for _, run := range runsOf(list.Runs) {
			run.Tasks = nil
			if !take(run) {
				return "", nil
			}
		}
		return list.NextPageToken, nil
	})
}

// pages reads a list to its end: read gets the page that q asks for, and returns the token of the next.
func pages(kind Kind, q *Query, read func() (next string, err error)) error {
	q.PageSize, q.SortBy = int(pageSize), oldestFirst
	for range mostPages {
		next, err := read()
		if err != nil || next == "" {
			return err
		}
		q.PageToken = next
	}
	return fmt.Errorf("%s: there are more than %d pages of %d", kind.ListOperation(), mostPages, pageSize)
}

func (c *Client) runsFrom(ctx context.Context, q Query) (*run_model.V2beta1ListRunsResponse, error) {
	filter := decodedTwice(q.Filter)
	return call(ctx, c, Runs.ListOperation(), func(ctx context.Context) (*run_model.V2beta1ListRunsResponse, error) {
		answer, err := c.runs.RunService.ListRuns(&run_service.ListRunsParams{
			Context: ctx, Namespace: &q.Namespace, ExperimentID: &q.ExperimentID,
			PageSize: q.size(), PageToken: &q.PageToken, SortBy: &q.SortBy, Filter: &filter,
		}, nil)
		if err != nil {
			return nil, err
		}
		return answer.Payload, nil
	})
}
