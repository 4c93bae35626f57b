"""What people do with KFP's Python SDK, against the single-user server whose URL is the argument."""

import json
import sys
import tempfile

import kfp
from kfp import compiler, dsl
from kfp_server_api import ApiException


@dsl.container_component
def pause(seconds: int):
    return dsl.ContainerSpec(image="registry.invalid/none:1", command=["sh", "-c"], args=["sleep 30"])


@dsl.pipeline(name="two-steps")
def two_steps(seconds: int = 1):
    pause(seconds=seconds).after(pause(seconds=seconds))


def refused(status, call, **arguments):
    try:
        call(**arguments)
    except ApiException as refusal:
        assert refusal.status == status, refusal
    else:
        raise AssertionError(f"{call.__name__} {arguments} is not refused")


def pages(listed, call, **arguments):
    """Returns all that a list has, of pages of one."""
    token = ""
    while True:
        page = call(page_token=token, page_size=1, **arguments)
        yield from getattr(page, listed) or []
        token = page.next_page_token
        if not token:
            return


def ended(client, run):
    run = client.wait_for_run_completion(run.run_id, timeout=60, sleep_duration=0.1)
    assert run.finished_at > run.created_at, run
    return run.state


client = kfp.Client(host=sys.argv[1])
assert not client.get_kfp_healthz().multi_user

experiment = client.create_experiment("sdk", description="of the SDK")
assert client.create_experiment("sdk").experiment_id == experiment.experiment_id
by_name = {"predicates": [{"operation": 1, "key": "display_name", "stringValue": "sdk"}]}
found = client.list_experiments(filter=json.dumps(by_name)).experiments
assert [e.experiment_id for e in found] == [experiment.experiment_id], found

package = tempfile.mkdtemp() + "/two_steps.yaml"
compiler.Compiler().compile(two_steps, package)
pipeline = client.upload_pipeline(package, pipeline_name="sdk", description="of the SDK")
assert client.get_pipeline_id("sdk") == pipeline.pipeline_id
second = client.upload_pipeline_version(package, "second", pipeline_id=pipeline.pipeline_id)
versions = list(pages("pipeline_versions", client.list_pipeline_versions, pipeline_id=pipeline.pipeline_id))
assert len(versions) == 2 and second.pipeline_version_id in [v.pipeline_version_id for v in versions], versions
assert client.get_pipeline_version(pipeline.pipeline_id, second.pipeline_version_id).display_name == "second"

run = client.run_pipeline(
    experiment.experiment_id, "by version", pipeline_id=pipeline.pipeline_id, version_id=second.pipeline_version_id,
    params={"seconds": 2})
assert ended(client, run) == "SUCCEEDED"
tasks = [t.display_name for t in client.get_run(run.run_id).run_details.task_details]
assert {"pause", "pause-driver", "pause-2", "pause-2-driver", "root-driver"} <= set(tasks), tasks
inline = client.create_run_from_pipeline_package(package, run_name="inline", experiment_name="sdk", enable_caching=False)
assert ended(client, inline) == "SUCCEEDED"
stopped = client.run_pipeline(experiment.experiment_id, "stopped", pipeline_package_path=package)
client.terminate_run(stopped.run_id)
assert ended(client, stopped) == "FAILED"
listed = list(pages("runs", client.list_runs, experiment_id=experiment.experiment_id, sort_by="created_at desc"))
assert sorted(r.display_name for r in listed) == ["by version", "inline", "stopped"], listed

recurring = client.create_recurring_run(
    experiment.experiment_id, "often", cron_expression="*/10 * * * * *", pipeline_id=pipeline.pipeline_id,
    version_id=second.pipeline_version_id, max_concurrency=2, params={"seconds": 2})
assert client.get_recurring_run(recurring.recurring_run_id).status == "ENABLED"
client.disable_recurring_run(recurring.recurring_run_id)
assert [r.status for r in pages("recurring_runs", client.list_recurring_runs, experiment_id=experiment.experiment_id)] == ["DISABLED"]
client.enable_recurring_run(recurring.recurring_run_id)
client.delete_recurring_run(recurring.recurring_run_id)

refused(404, client.get_run, run_id="absent")
refused(404, client.get_recurring_run, recurring_run_id=recurring.recurring_run_id)
refused(400, client.run_pipeline, experiment_id=experiment.experiment_id, job_name="wrong",
        pipeline_id=pipeline.pipeline_id, version_id=second.pipeline_version_id, params={"seconds": "two"})
refused(400, client.delete_pipeline, pipeline_id=pipeline.pipeline_id)

for done in listed:
    client.delete_run(done.run_id)
client.delete_experiment(experiment.experiment_id)
for version in versions:
    client.delete_pipeline_version(pipeline.pipeline_id, version.pipeline_version_id)
client.delete_pipeline(pipeline.pipeline_id)
assert client.get_pipeline_id("sdk") is None
print("kfp", kfp.__version__, "is served")
