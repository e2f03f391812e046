"""The life of a connector by kafka-connect-py; prints what it saw as JSON. Arguments: url, connector, topic, file."""

import json
import sys
import time

from kafka_connect import KafkaConnect
from requests import HTTPError

url, name, topic, file = sys.argv[1:]
plugin = "org.apache.kafka.connect.file.FileStreamSourceConnector"
config = {"connector.class": plugin, "tasks.max": "1", "file": file, "topic": topic}
connect = KafkaConnect(url=url)


def states():
    status = connect.get_connector_status(name)
    return [status["connector"]["state"]] + [task["state"] for task in status["tasks"]]


def until(*wanted):
    deadline = time.monotonic() + 20
    while True:
        seen = try_states()
        if seen == list(wanted):
            return seen
        if time.monotonic() > deadline:
            raise TimeoutError(f"{name} is {seen}, not {wanted}")
        time.sleep(0.1)


def try_states():
    # Right after its creation a connector has no status, in Kafka Connect neither.
    try:
        return states()
    except HTTPError as error:
        if error.response.status_code != 404:
            raise
        return []


def refusal(call):
    try:
        call()
    except HTTPError as error:
        return error.response.status_code, error.response.json()["message"]
    raise AssertionError("it was not refused")


seen = {}
seen["version"] = connect.get_cluster_info()["version"]
seen["plugin"] = [one for one in connect.list_connector_plugins() if one["class"] == plugin][0]
validation = connect.validate_connector_config(
    plugin, {"connector.class": plugin, "name": name, "file": file}
)
seen["invalid"] = {
    one["value"]["name"]: one["value"]["errors"]
    for one in validation["configs"]
    if one["value"]["errors"]
}
without_topic = {key: value for key, value in config.items() if key != "topic"}
seen["refused"] = refusal(
    lambda: connect.create_connector({"name": name, "config": without_topic})
)
seen["unknown"] = refusal(lambda: connect.get_connector(name))
created = connect.create_connector({"name": name, "config": config})
seen["created"] = [created["name"], created["type"], len(created["tasks"])]
seen["running"] = until("RUNNING", "RUNNING")
seen["taken"] = refusal(lambda: connect.create_connector({"name": name, "config": config}))
seen["listed"] = [
    connect.list_connectors(pattern=name, state="running"),
    list(connect.list_connectors(expand="info")[name]),
]
seen["tasks"] = [
    [one["id"]["connector"], one["id"]["task"], one["config"]["topic"]]
    for one in connect.list_connector_tasks(name)
]
task = connect.get_connector_task_status(name, 0)
seen["task"] = [task["id"], task["state"]]
updated = connect.update_connector(name, {**config, "batch.size": "7"})
seen["updated"] = [updated["config"]["batch.size"], connect.get_connector_config(name)["batch.size"]]
seen["rerun"] = until("RUNNING", "RUNNING")
connect.restart_connector(name)
plan = connect.restart_connector(name, include_tasks=True, only_failed=False)
seen["restarted"] = [plan["connector"]["state"]] + [one["state"] for one in plan["tasks"]]
connect.restart_connector_task(name, 0)
seen["restarted for real"] = until("RUNNING", "RUNNING")
connect.pause_connector(name)
seen["paused"] = until("PAUSED", "PAUSED")
connect.resume_connector(name)
seen["resumed"] = until("RUNNING", "RUNNING")
connect.stop_connector(name)
seen["stopped"] = until("STOPPED")
connect.resume_connector(name)
seen["resumed after a stop"] = until("RUNNING", "RUNNING")
connect.delete_connector(name)
seen["deleted"] = connect.list_connectors()
print(json.dumps(seen))
